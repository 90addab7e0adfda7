# What every target of ours is compiled with. Users of an installed nfql never see it.
add_library(nfql_options INTERFACE)
target_compile_features(nfql_options INTERFACE cxx_std_20)
target_include_directories(nfql_options INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_options(nfql_options INTERFACE -Wall -Wextra -Wpedantic -Wconversion
  -Wsign-conversion -Wshadow -Wold-style-cast -Wnon-virtual-dtor -Woverloaded-virtual
  -Wimplicit-fallthrough $<$<BOOL:${NFQL_DEVELOPER}>:-Werror>)
target_compile_definitions(nfql_options INTERFACE NFQL_VERSION="${PROJECT_VERSION}")

# nfql_add_floor(NAME BELOW... SOURCES file...): one floor of common/ as a static library that
# may use only the floors named, which are below it (scripts/check-floors checks the includes).
function(nfql_add_floor name)
  cmake_parse_arguments(FLOOR "" "" "BELOW;SOURCES;LIBRARIES" ${ARGN})
  add_library(nfql_${name} STATIC ${FLOOR_SOURCES})
  target_link_libraries(nfql_${name} PUBLIC nfql_options ${FLOOR_BELOW} ${FLOOR_LIBRARIES})
endfunction()

# The programs, without their tests.
add_custom_target(tools)

# nfql_add_tool(NAME SOURCES...): the tool NAME, and the library of all its sources but main.cc,
# so that tests and benchmarks link what the tool runs.
function(nfql_add_tool name)
  string(REPLACE "-" "_" stage "${name}")
  add_library(${stage} STATIC ${ARGN})
  target_link_libraries(${stage} PUBLIC nfql_common)
  add_executable(${name} main.cc)
  target_link_libraries(${name} PRIVATE ${stage})
  add_dependencies(tools ${name})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
  install(TARGETS ${name} RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
endfunction()
