# Turns text files into one C++ source with a function that gives them. Run:
# cmake -DOUTPUT=out.cpp -DFUNCTION=jobFiles "-DFILES=a.py;b.sh" -P embed_job_files.cmake
set(text "// Made by embed_job_files.cmake.\n#include \"vendor/job_files.h\"\n\n")
string(APPEND text "namespace hefstudio {\nnamespace {\n\nconstexpr JobFile files[] = {\n")
foreach(file IN LISTS FILES)
    file(READ ${file} content)
    get_filename_component(name ${file} NAME)
    string(APPEND text "    {\"${name}\", R\"file(${content})file\"},\n")
endforeach()
string(APPEND text "};\n\n} // namespace\n\nstd::span<const JobFile> ${FUNCTION}()\n{\n")
string(APPEND text "    return files;\n}\n\n} // namespace hefstudio\n")
file(WRITE ${OUTPUT} "${text}")
