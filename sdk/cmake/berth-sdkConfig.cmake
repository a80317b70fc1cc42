# find_package(berth-sdk): the target berth::sdk and the function berth_add_plugin(NAME source…).
include(CMakeFindDependencyMacro)
find_dependency(nlohmann_json 3.11)
include(${CMAKE_CURRENT_LIST_DIR}/berth-sdkTargets.cmake)
get_filename_component(berth_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
find_program(BERTH_MANIFEST berth-manifest HINTS ${berth_prefix}/bin REQUIRED)
# For a plugin's tests: the check, and a host with the runner of scenarios.
find_program(BERTH_CHECK berth-check HINTS ${berth_prefix}/bin REQUIRED)
find_program(BERTH_PROGRAM berth HINTS ${berth_prefix}/bin)
set(BERTH_SCENARIO ${berth_prefix}/share/berth/scenario/run.py)
include(${CMAKE_CURRENT_LIST_DIR}/BerthPlugin.cmake)
