<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>ConversionRun</name>
    <message numerus="yes">
        <source>iteration %1: %n context(s), %2 ms a frame, the best so far</source>
        <translation>
            <numerusform>iteration %1: %n context, %2 ms a frame, the best so far</numerusform>
            <numerusform>iteration %1: %n contexts, %2 ms a frame, the best so far</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>GraphScene</name>
    <message numerus="yes">
        <source>%n layer(s) folded</source>
        <translation>
            <numerusform>%n layer folded</numerusform>
            <numerusform>%n layers folded</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hefstudio::BufferDiagram</name>
    <message numerus="yes">
        <source>%1 in %n buffer(s)</source>
        <translation>
            <numerusform>%1 in %n buffer</numerusform>
            <numerusform>%1 in %n buffers</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hefstudio::ContextCards</name>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation>
            <numerusform>%n layer</numerusform>
            <numerusform>%n layers</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hefstudio::GraphPage</name>
    <message numerus="yes">
        <source>%n thing(s) stand in the way.</source>
        <translation>
            <numerusform>%n thing stands in the way.</numerusform>
            <numerusform>%n things stand in the way.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s) on the way; Esc to forget</source>
        <translation>
            <numerusform>%n layer on the way; Esc to forget</numerusform>
            <numerusform>%n layers on the way; Esc to forget</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hefstudio::HefView</name>
    <message numerus="yes">
        <source>%n row(s)</source>
        <translation>
            <numerusform>%n row</numerusform>
            <numerusform>%n rows</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hefstudio::PartitionChart</name>
    <message numerus="yes">
        <source>%n iteration(s)</source>
        <translation>
            <numerusform>%n iteration</numerusform>
            <numerusform>%n iterations</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n context(s), %1 ms</source>
        <translation>
            <numerusform>%n context, %1 ms</numerusform>
            <numerusform>%n contexts, %1 ms</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hefstudio::ResultCard</name>
    <message numerus="yes">
        <source>%n context(s)</source>
        <translation>
            <numerusform>%n context</numerusform>
            <numerusform>%n contexts</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hefstudio::ScriptDialog</name>
    <message numerus="yes">
        <source>%n remark(s)</source>
        <translation>
            <numerusform>%n remark</numerusform>
            <numerusform>%n remarks</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hefstudio::SetupPanel</name>
    <message numerus="yes">
        <source>%n picture(s); 64 or more give steadier ranges.</source>
        <translation>
            <numerusform>%n picture; 64 or more give steadier ranges.</numerusform>
            <numerusform>%n pictures; 64 or more give steadier ranges.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s).</source>
        <translation>
            <numerusform>%n picture.</numerusform>
            <numerusform>%n pictures.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s) are few: 64 steady the ranges.</source>
        <translation>
            <numerusform>%n picture is little: 64 steady the ranges.</numerusform>
            <numerusform>%n pictures are few: 64 steady the ranges.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s) do; the vendor&apos;s best effort asks for 1024.</source>
        <translation>
            <numerusform>%n picture does; the vendor&apos;s best effort asks for 1024.</numerusform>
            <numerusform>%n pictures do; the vendor&apos;s best effort asks for 1024.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s) do.</source>
        <translation>
            <numerusform>%n picture does.</numerusform>
            <numerusform>%n pictures do.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hefstudio::StatusFacts</name>
    <message numerus="yes">
        <source>%n thread(s)</source>
        <translation>
            <numerusform>%n thread</numerusform>
            <numerusform>%n threads</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hefstudio::ToolchainPanel</name>
    <message numerus="yes">
        <source>%n compiler(s) found and added.</source>
        <translation>
            <numerusform>%n compiler found and added.</numerusform>
            <numerusform>%n compilers found and added.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hefstudio::UtilisationChart</name>
    <message numerus="yes">
        <source>Context %1 · %n layer(s)</source>
        <translation>
            <numerusform>Context %1 · %n layer</numerusform>
            <numerusform>Context %1 · %n layers</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hefstudio::DoctorPanel</name>
    <message numerus="yes">
        <source>Show %n picture(s)</source>
        <translation>
            <numerusform>Show %n picture</numerusform>
            <numerusform>Show %n pictures</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DiagnosticCard</name>
    <message numerus="yes">
        <source>Leave out %n picture(s)</source>
        <translation>
            <numerusform>Leave out %n picture</numerusform>
            <numerusform>Leave out %n pictures</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Convert to %n channel(s)</source>
        <translation>
            <numerusform>Convert to %n channel</numerusform>
            <numerusform>Convert to %n channels</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hefstudio::BenchPage</name>
    <message numerus="yes">
        <source>%n picture(s)</source>
        <translation>
            <numerusform>%n picture</numerusform>
            <numerusform>%n pictures</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hefstudio::PreflightPanel</name>
    <message numerus="yes">
        <source>Network read: %n layer(s)</source>
        <translation>
            <numerusform>Network read: %n layer</numerusform>
            <numerusform>Network read: %n layers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n calibration sample(s)</source>
        <translation>
            <numerusform>%n calibration sample</numerusform>
            <numerusform>%n calibration samples</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hefstudio::ChipHefDialog</name>
    <message numerus="yes">
        <source>Written, with %n sample(s). Run it where the compiler is: %1/run.sh --python … or --docker …</source>
        <translation>
            <numerusform>Written, with %n sample. Run it where the compiler is: %1/run.sh --python … or --docker …</numerusform>
            <numerusform>Written, with %n samples. Run it where the compiler is: %1/run.sh --python … or --docker …</numerusform>
        </translation>
    </message>
</context>
</TS>
