namespace nfql {}
