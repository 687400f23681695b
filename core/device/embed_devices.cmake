# Turns JSON files into one C++ source. Run:
# cmake -DOUTPUT=out.cpp "-DFILES=a.json;b.json" -P embed_devices.cmake
set(text "// Made by embed_devices.cmake.\n#include \"device/built_in_device_files.h\"\n\n")
string(APPEND text "namespace hefstudio {\nnamespace {\n\n")
string(APPEND text "constexpr BuiltInDeviceFile files[] = {\n")
foreach(file IN LISTS FILES)
    file(READ ${file} content)
    get_filename_component(name ${file} NAME)
    string(APPEND text "    {\"${name}\", R\"json(${content})json\"},\n")
endforeach()
string(APPEND text "};\n\n} // namespace\n\n")
string(APPEND text "std::span<const BuiltInDeviceFile> builtInDeviceFiles()\n{\n    return files;\n}\n\n")
string(APPEND text "} // namespace hefstudio\n")
file(WRITE ${OUTPUT} "${text}")
