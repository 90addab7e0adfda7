/* Aggregate functions for nfql-group: entropy(FIELD), in bits, and percentile(FIELD, P).
 *
 *   cc -std=c11 -O2 -shared -fPIC -o statistics.so statistics.c -lm
 *   nfql-group srcip -a 'entropy(dstport), percentile(bytes, 95)' --plugin statistics.so trace.ft
 *
 * Where nfql is not installed, add -I with the folder `include` of its source.
 */
#include <math.h>
#include <nfql/aggregate.h>
#include <stdlib.h>
#include <string.h>

enum { kAddressSize = 16, kFirstRoom = 8 };

/* All values of one group, end to end; what both functions keep. */
struct collected {
  unsigned char* values;
  size_t count;
  size_t room;
};

static size_t size_of(const struct nfql_request* request) {
  return request->type == NFQL_ADDRESS ? kAddressSize : sizeof(uint64_t);
}

static int keep(struct collected* to, const void* value, size_t size) {
  if (to->count == to->room) {
    size_t room = to->room == 0 ? kFirstRoom : to->room * 2;
    unsigned char* grown = realloc(to->values, room * size);
    if (grown == NULL) {
      return NFQL_NO_MEMORY;
    }
    to->values = grown;
    to->room = room;
  }
  memcpy(to->values + to->count++ * size, value, size);
  return NFQL_OK;
}

static int collect(void* states, const struct nfql_request* request,
                   const struct nfql_values* values) {
  struct collected* groups = states;
  const unsigned char* from = values->values;
  size_t size = size_of(request);
  for (size_t i = 0; i < values->count; ++i) {
    int status = keep(&groups[values->groups[i]], from + i * size, size);
    if (status != NFQL_OK) {
      return status;
    }
  }
  return NFQL_OK;
}

static void drop(void* state) {
  free(((struct collected*)state)->values);
}

static int compare_unsigned(const void* a, const void* b) {
  const uint64_t *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}

static int compare_signed(const void* a, const void* b) {
  const int64_t *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}

static int compare_addresses(const void* a, const void* b) {
  return memcmp(a, b, kAddressSize);
}

static void sort(struct collected* group, const struct nfql_request* request) {
  if (group->count > 1) {
    qsort(group->values, group->count, size_of(request),
          request->type == NFQL_ADDRESS ? compare_addresses
          : request->type == NFQL_I64   ? compare_signed
                                        : compare_unsigned);
  }
}

/* The sum of -p * log2(p) over the shares p of the distinct values. */
static int entropy(void* state, const struct nfql_request* request, void* result) {
  struct collected* group = state;
  size_t size = size_of(request);
  double bits = 0;
  if (group->count == 0) {
    return NFQL_UNKNOWN;
  }
  sort(group, request);
  for (size_t begin = 0, end = 0; begin < group->count; begin = end) {
    const unsigned char* value = group->values + begin * size;
    while (end < group->count && memcmp(value, group->values + end * size, size) == 0) {
      ++end;
    }
    double share = (double)(end - begin) / (double)group->count;
    bits += share * log2(1 / share);
  }
  *(double*)result = bits;
  return NFQL_OK;
}

/* The least value that at least P percent of the values do not exceed (nearest rank). */
static int percentile(void* state, const struct nfql_request* request, void* result) {
  struct collected* group = state;
  if (group->count == 0) {
    return NFQL_UNKNOWN;
  }
  sort(group, request);
  double rank = ceil(request->argument / 100 * (double)group->count);
  size_t index = rank < 1 ? 0 : (size_t)rank - 1;
  memcpy(result, group->values + index * size_of(request), size_of(request));
  return NFQL_OK;
}

static const char* check_percentage(const struct nfql_request* request) {
  return request->argument >= 0 && request->argument <= 100 ? NULL
                                                            : "the percentage is from 0 to 100";
}

static const struct nfql_aggregate functions[] = {
    {.name = "entropy",
     .takes = NFQL_TAKES(NFQL_U64) | NFQL_TAKES(NFQL_I64) | NFQL_TAKES(NFQL_ADDRESS),
     .result = NFQL_F64,
     .state_size = sizeof(struct collected),
     .add = collect,
     .finish = entropy,
     .destroy = drop},
    {.name = "percentile",
     .takes = NFQL_TAKES(NFQL_U64) | NFQL_TAKES(NFQL_I64),
     .result = NFQL_SAME,
     .arguments = 1,
     .state_size = sizeof(struct collected),
     .check = check_percentage,
     .add = collect,
     .finish = percentile,
     .destroy = drop},
};

const struct nfql_plugin nfql_aggregates = {NFQL_AGGREGATE_ABI,
                                            sizeof functions / sizeof functions[0], functions};
