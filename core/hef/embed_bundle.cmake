# Turns the files of resources/bundle into one C++ source. Run:
# cmake -DOUTPUT=out.cpp "-DFILES=a.py;b.hpp" -P embed_bundle.cmake
# A string literal may be cut short by compilers past 64 KiB; the files are far smaller.
set(text "// Made by embed_bundle.cmake.\n#include \"hef/bundle_files.h\"\n\n")
string(APPEND text "namespace hefstudio {\nnamespace {\n\nconstexpr BundleTemplate files[] = {\n")
foreach(file IN LISTS FILES)
    file(READ ${file} content)
    get_filename_component(name ${file} NAME)
    string(APPEND text "    {\"${name}\", R\"bundle(${content})bundle\"},\n")
endforeach()
string(APPEND text "};\n\n} // namespace\n\n")
string(APPEND text "std::span<const BundleTemplate> bundleTemplates()\n{\n    return files;\n}\n\n")
string(APPEND text "} // namespace hefstudio\n")
file(WRITE ${OUTPUT} "${text}")
