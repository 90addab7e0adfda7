// Replaced by the tool.
int main() { return 0; }
