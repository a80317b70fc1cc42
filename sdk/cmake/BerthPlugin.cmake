# berth_add_plugin(NAME source…): builds NAME.so and, beside it, NAME.berth.json out of what the code declares. Where both lie is
# BERTH_PLUGIN_FOLDER, or the folder of the build.
function(berth_add_plugin name)
  add_library(${name} MODULE ${ARGN})
  target_link_libraries(${name} PRIVATE berth::sdk)
  target_compile_features(${name} PRIVATE cxx_std_17)
  target_compile_options(${name} PRIVATE -Wall -Wextra -Wpedantic -Wshadow)
  set_target_properties(${name} PROPERTIES PREFIX "" SUFFIX ".so" C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden
                                           VISIBILITY_INLINES_HIDDEN ON)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Without it a plugin that was unloaded once stays mapped for ever.
    target_compile_options(${name} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-fno-gnu-unique>)
  endif()
  if(BERTH_PLUGIN_FOLDER)
    set_target_properties(${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${BERTH_PLUGIN_FOLDER})
  endif()
  if(TARGET berth-manifest)
    set(manifest $<TARGET_FILE:berth-manifest>)
    add_dependencies(${name} berth-manifest)
    # A manifest is as old as the program that wrote it.
    set_property(TARGET ${name} APPEND PROPERTY LINK_DEPENDS $<TARGET_FILE:berth-manifest>)
  else()
    set(manifest ${BERTH_MANIFEST})
  endif()
  add_custom_command(TARGET ${name} POST_BUILD
    COMMAND ${CMAKE_COMMAND} -E env ASAN_OPTIONS=detect_leaks=0:verify_asan_link_order=0 ${manifest} $<TARGET_FILE:${name}> $<TARGET_FILE_DIR:${name}>/${name}.berth.json
    VERBATIM)
endfunction()
