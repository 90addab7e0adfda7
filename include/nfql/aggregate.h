/* Aggregate functions for nfql-group and nfql-run from a shared object: the interface, in plain C.
 *
 * A plug-in defines one symbol, `nfql_aggregates`, and is loaded by --plugin FILE. It is told the
 * values of groups in batches and gives one value a group; see nfql-aggregate(3) and the example in
 * examples/plugins. Nothing here will change; a later version of the interface has another number.
 *
 * Functions of a plug-in must not print, exit, throw or change what the process shares (locale,
 * signals, environment). Different aggregates, or one that a query asks for twice, may be called by
 * different threads at the same time, the same states never: keep everything in the states.
 */
#ifndef NFQL_AGGREGATE_H
#define NFQL_AGGREGATE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Version of this interface. */
#define NFQL_AGGREGATE_ABI 1u

/* Types of values; the numbers are those of nfql-stream(5). */
enum nfql_type {
  NFQL_U8 = 1,
  NFQL_U16 = 2,
  NFQL_U32 = 3,
  NFQL_U64 = 4,
  NFQL_I64 = 5, /* times too, in milliseconds */
  NFQL_F64 = 6,
  NFQL_ADDRESS = 7 /* 16 bytes in network order; IPv4 as ::ffff:a.b.c.d */
};

/* Sets of types: NFQL_TAKES(NFQL_U64) | NFQL_TAKES(NFQL_F64). */
#define NFQL_TAKES(type) (1u << (type))

/* A result like the values: finish() writes the request's type. Of integers and addresses it
 * becomes the field's own type, which it must fit, and keeps its meaning (a time, a port ...). */
#define NFQL_SAME 0u

/* What functions return. */
enum nfql_status {
  NFQL_OK = 0,
  NFQL_UNKNOWN = 1, /* of finish: this group has no value */
  NFQL_NO_MEMORY = 2,
  NFQL_FAILED = 3
};

/* How a query uses an aggregate: `percentile(bytes, 95)`. */
struct nfql_request {
  uint32_t type;   /* of the values, an nfql_type that the aggregate takes */
  double argument; /* the number behind the field; 0 when the aggregate takes none */
};

/* Some values: value i belongs to group groups[i]. Unknown values are left out. The values of a
 * group come in the order of the input, which need not be that of time. */
struct nfql_values {
  size_t count;
  const void* values; /* `count` of the request's type, aligned for it */
  const uint32_t* groups;
};

struct nfql_aggregate {
  /* As queries call it: a letter, then letters, digits and underscores; case does not matter. */
  const char* name;

  /* The types it takes. Values of another type come as u64 if they are unsigned, else as i64, else
   * as f64, whichever of these is taken and is the first to hold them; f64 may round them. */
  uint32_t takes;

  /* An nfql_type, or NFQL_SAME. */
  uint32_t result;

  /* 1 when a number must stand behind the field, else 0. */
  uint32_t arguments;

  /* sizeof the state of one group. States lie in one array, which may be moved as memcpy does, at
   * addresses that are multiples of 64 for the first: a struct of at most that alignment fits. */
  size_t state_size;

  /* Says why the request is refused, or returns NULL. May be null: every request will do. */
  const char* (*check)(const struct nfql_request* request);

  /* Makes a state from bytes that are zero. May be null: zeroes will do. */
  void (*init)(void* state, const struct nfql_request* request);

  /* Adds values to the states of their groups; `states` is the array. */
  int (*add)(void* states, const struct nfql_request* request, const struct nfql_values* values);

  /* Writes the value of a group, of the result's type; called once a group, after the last add().
   * A real that is no number is an unknown value. */
  int (*finish)(void* state, const struct nfql_request* request, void* result);

  /* Frees what a state holds; called once a state, also when the work has failed. May be null. */
  void (*destroy)(void* state);
};

/* What a plug-in defines:
 *   const struct nfql_plugin nfql_aggregates = {NFQL_AGGREGATE_ABI, 2, my_table};
 */
struct nfql_plugin {
  uint32_t abi;   /* NFQL_AGGREGATE_ABI */
  uint32_t count; /* entries of the table, at least 1 */
  const struct nfql_aggregate* table;
};

#ifdef __GNUC__
__attribute__((visibility("default")))
#endif
extern const struct nfql_plugin nfql_aggregates;

#ifdef __cplusplus
}
#endif

#endif
