<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>ConversionRun</name>
    <message>
        <source>%1: %2 asked, %3 used: %4</source>
        <translation>%1: verlangt %2, verwendet %3: %4</translation>
    </message>
    <message numerus="yes">
        <source>iteration %1: %n context(s), %2 ms a frame, the best so far</source>
        <translation>
            <numerusform>Iteration %1: %n Kontext, %2 ms je Bild, bisher am besten</numerusform>
            <numerusform>Iteration %1: %n Kontexte, %2 ms je Bild, bisher am besten</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CutPreview</name>
    <message>
        <source>output</source>
        <translation>Ausgang</translation>
    </message>
    <message>
        <source>boxes</source>
        <translation>Rahmen</translation>
    </message>
    <message>
        <source>objectness</source>
        <translation>Objektwert</translation>
    </message>
    <message>
        <source>classes</source>
        <translation>Klassen</translation>
    </message>
    <message>
        <source>keypoints</source>
        <translation>Schlüsselpunkte</translation>
    </message>
    <message>
        <source>boxes and scores</source>
        <translation>Rahmen und Werte</translation>
    </message>
    <message>
        <source>angles</source>
        <translation>Winkel</translation>
    </message>
    <message>
        <source>mask coefficients</source>
        <translation>Maskenkoeffizienten</translation>
    </message>
    <message>
        <source>mask prototypes</source>
        <translation>Maskenprototypen</translation>
    </message>
    <message>
        <source>extra</source>
        <translation>Weiteres</translation>
    </message>
</context>
<context>
    <name>DiagnosticCard</name>
    <message>
        <source>Set the shape of %1 to %2</source>
        <translation>Form von %1 auf %2 setzen</translation>
    </message>
    <message>
        <source>Normalise by %1</source>
        <translation>Normieren mit %1</translation>
    </message>
    <message>
        <source>Cut before %1</source>
        <translation>Vor %1 schneiden</translation>
    </message>
    <message>
        <source>End at %1</source>
        <translation>Bei %1 enden</translation>
    </message>
</context>
<context>
    <name>Diagnostics</name>
    <message>
        <source>The work was cancelled.</source>
        <translation>Die Arbeit wurde abgebrochen.</translation>
    </message>
    <message>
        <source>Start it again when you are ready; finished stages are kept.</source>
        <translation>Starten Sie neu, wenn Sie so weit sind; fertige Stufen bleiben erhalten.</translation>
    </message>
    <message>
        <source>The program made a mistake of its own: {what}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Please report this with the log; your files are unchanged.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file or folder does not exist.</source>
        <translation>Die Datei oder der Ordner existiert nicht.</translation>
    </message>
    <message>
        <source>Check the path for a typing mistake.</source>
        <translation>Prüfen Sie den Pfad auf Tippfehler.</translation>
    </message>
    <message>
        <source>This is a folder, but a file is needed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name a file inside it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file cannot be read: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check its permissions and the disk.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file is empty.</source>
        <translation>Die Datei ist leer.</translation>
    </message>
    <message>
        <source>Copy or export it again; the last attempt may have been cut short.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file has {bytes} bytes, more than the {limit} this reader takes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check that it is the file you meant.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file cannot be written: {reason}.</source>
        <translation>Die Datei lässt sich nicht schreiben: {reason}.</translation>
    </message>
    <message>
        <source>Choose another place or change the permissions; nothing was written.</source>
        <translation>Wählen Sie einen anderen Ort oder ändern Sie die Rechte; es wurde nichts geschrieben.</translation>
    </message>
    <message>
        <source>The disk is full.</source>
        <translation>Der Datenträger ist voll.</translation>
    </message>
    <message>
        <source>Free some space and run again; no partial file was left.</source>
        <translation>Schaffen Sie Platz und starten Sie erneut; es blieb keine halbe Datei.</translation>
    </message>
    <message>
        <source>This is not a readable NumPy file: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the array again with numpy.save.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The NumPy array has element type {type}, which is not supported.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Convert it with astype to uint8, float32 or another plain number.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is not a readable NumPy archive: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save it again with numpy.savez.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The text is not valid JSON: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correct the text at the place named.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The picture cannot be decoded; it is damaged or not a picture.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove or replace it, or run again with --on-bad-image skip.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The picture-decoding module cannot be loaded: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Install the program again; lib/hefstudio/image_codec.so belongs beside bin.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The calibration folder holds no picture ({ignored} other files).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put JPEG or PNG pictures like those the network will see into it; 64 are a good start.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is not a calibration set.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give a folder of pictures, or an .npy or .npz whose first dimension counts the samples.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The samples are {found}, but the network takes {wanted}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the array as [count, height, width, channels] with the network&apos;s sizes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The samples hold values from {low} to {high}; raw pictures hold 0 to 255.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Do not normalise the pictures yourself: state the normalisation with --normalize, it is folded into the network.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} files in the calibration folder are no pictures and were left out, {first} among them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing to do if that is what you meant.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A picture could not be decoded and was skipped.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove or replace it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The device model is not usable: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correct the file; resources/schemas/device.schema.json describes it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no chip or board named {name}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use one of {known}, or a board that carries one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is served by the vendor&apos;s compiler only; the built-in one knows {known}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the vendor back end, or one of the chips named.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A layer of kind {kind} computes with values that are not float32, which the float engine does not run.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cut the network before this layer, or fold the integer arithmetic into constants when exporting.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The network wants {wanted} but was given {found}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give one float32 array per input, in exactly the stated shape.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The graph breaks a rule at {where}: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Please report this with the model; a rewrite has gone wrong.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The HEF has no blob called &apos;{name}&apos;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The layer {layer} needs {bytes} bytes of on-chip memory at once; {device} has {available}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make the layer smaller, split it in the model, or end the conversion before it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The network cannot be mapped to exactly {wanted} contexts on {device}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask for {fewest} to {most}, or leave the number to the search.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The network has no layer to run on the chip.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose end nodes behind at least one layer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is a text file, not an ONNX model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name the exported .onnx file itself; a download may have saved a web page in its place.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is a Git LFS pointer, not the model it stands for.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run &quot;git lfs pull&quot; in the repository it came from, or download the file itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is {format}, not an ONNX model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export the network as ONNX from the program it was trained with.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The ONNX file ends after {bytes} bytes, in the middle of what began at byte {field}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy or download it again; the last attempt was cut short.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The ONNX file is damaged.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy, download or export it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The reader says: {text}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file holds no network.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export the model again; this may be a part of one, or cut short right after its header.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is not enough memory for this model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close other programs or use a machine with more memory.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The constant {name} is damaged: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy or export the model again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The constant {name} would unfold to {bytes} bytes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is far more than the file holds; export the model again from a source you trust.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The constant {name} asks for data in {location}, outside the folder of the model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put the data file beside the model and export again with a plain file name; such a path is never followed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The data file {location} for the constant {name} is not there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy it beside the model; models with external data are two files.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The constant {name} lies outside its data file {location}, which has {bytes} bytes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy both files again, from the same export.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The operator {operator} is not supported.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cut the model before this node and do the rest on the host, export it without the operator, or wait for support.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The operator {operator} is supported, but not with {form}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cut the model before this node and do the rest on the host, or change the export.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The value {name} has type {type}, which is not computed with here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export the model with float32 values; quantisation is done by this program.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model uses ONNX operator set {opset}; {oldest} to {newest} are read.</source>
        <translation>Das Modell benutzt den ONNX-Operatorsatz {opset}; gelesen werden {oldest} bis {newest}.</translation>
    </message>
    <message>
        <source>The weights {name} hold {count} values that are not numbers or infinite.</source>
        <translation>Die Gewichte {name} enthalten {count} Werte, die keine Zahlen oder unendlich sind.</translation>
    </message>
    <message>
        <source>Graphs or functions inside each other go too deep.</source>
        <translation>Graphen oder Funktionen sind zu tief ineinander verschachtelt.</translation>
    </message>
    <message>
        <source>Export it again with operator set 11 to 17, or bring it up to date with ONNX&apos;s version converter.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The input {input} has the open shape {stated}, but a chip needs fixed sizes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State the sizes, for example {input}={proposal}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The shape {given} does not suit the input {input}, which is {stated}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give as many dimensions as the model states, each 1 or more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model has no input named {input}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its inputs are: {known}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model has no node named {node}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look the name up in the graph; names are compared exactly.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The node reads {name}, which nothing in the model makes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export the model again; an edit has removed a part of it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model names {name} as output, which nothing in it makes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The name {name} stands for two things.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export the model again; names of values must be unique.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The node needs its own result.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export the model again; a network must not go in circles.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model has no input.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export it with its input; all of this one is constant.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model has no output.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export it again and name its outputs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The attribute {attribute} of {operator} has the wrong type.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export the model again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The {operator} lacks its input number {slot}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The {operator} cannot be worked out: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the model at this place and export it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model computes a constant of {elements} elements.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is more than any network needs; export the model again from a source you trust.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A {kind} with {form} cannot be written as ONNX.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Please report this with the model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The integer layer of kind {kind} does not hold together: {what}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file is damaged or was not written by this program; convert the model again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The input {name} should be {wanted}, but it is {found}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give the picture in the size and type that the network takes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A {kind} cannot work on operands of shape {shapes}: the rule is that {rule}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the model at this place; the exporter or an edit made shapes that do not fit, or an input shape given does not suit the model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A {kind} of operands of shape {shapes} would be too large to compute.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the model at this place, or give a smaller input shape.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A {kind} has {count} operands instead of {least} to {most}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the model at this place; export it again if it was edited.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The network has no node, layer or tensor named {name}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Names that look like it: {similar}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The network cannot be cut at {tensor}: it is a constant or an input, nothing computes it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name a node that computes something.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The part to convert also needs the input {tensor}, which the start nodes leave out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a start node for it or start at the network&apos;s inputs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The network has no input named {input}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use one of the input names that the check of the model lists.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The normalisation ({means} means, {deviations} deviations) does not fit the input {input} of shape {shape}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give one number for all channels or one for each channel, with deviations above zero.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The rewrite {pass} changed the result of {output}: the difference is {difference} where values reach {magnitude}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is a mistake of the program; please report it with the model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The layer of kind {kind} cannot be computed in integers: {why}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cut the network before it and compute the rest on the host.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Calibration has no values for {tensor}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Calibrate with at least one picture.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Calibration found {count} values of {tensor} that are not finite numbers.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the input range and normalisation; such values cannot be represented in integers.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The recipe is not valid: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correct the key named; resources/schemas/recipe.schema.json lists what is allowed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The recipe is of a format version this program does not know.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open it with a newer HEF Studio.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file does not lie in the recipe&apos;s folder or below.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the recipe in a folder that holds the model and the calibration pictures.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The kernel program is not well formed: {what}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The kernel program asks for more memory than any device has (a tensor of {shape}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The kernel program has version {found}; this program knows version {known}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open it with the version that wrote it, or convert the model again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The kernel program was changed after it was written: the digest of its {section} does not match.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the file again, or convert the model again.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GraphScene</name>
    <message numerus="yes">
        <source>%n layer(s) folded</source>
        <translation>
            <numerusform>%n Schicht gefaltet</numerusform>
            <numerusform>%n Schichten gefaltet</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HefOverview</name>
    <message>
        <source>detections of %1 classes, up to %2 each</source>
        <translation>Erkennungen von %1 Klassen, je bis zu %2</translation>
    </message>
    <message>
        <source>%1 · %2 actions</source>
        <translation>%1 · %2 Aktionen</translation>
    </message>
    <message>
        <source>%1 in, %2 out</source>
        <translation>%1 ein, %2 aus</translation>
    </message>
    <message>
        <source>Preliminary</source>
        <translation>Vorspann</translation>
    </message>
    <message>
        <source>Context %1</source>
        <translation>Kontext %1</translation>
    </message>
    <message>
        <source>by configuration bytes</source>
        <translation>nach Konfigurationsbytes</translation>
    </message>
    <message>
        <source>no chip code inside</source>
        <translation>kein Chip-Code enthalten</translation>
    </message>
    <message>
        <source>Network group</source>
        <translation>Netzgruppe</translation>
    </message>
    <message>
        <source>Contexts</source>
        <translation>Kontexte</translation>
    </message>
    <message>
        <source>Predicted frames/s</source>
        <translation>Bilder/s (vorhergesagt)</translation>
    </message>
    <message>
        <source>Predicted latency</source>
        <translation>Latenz (vorhergesagt)</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>Buffers between contexts</source>
        <translation>Puffer zwischen Kontexten</translation>
    </message>
    <message>
        <source>Host operation</source>
        <translation>Host-Operation</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Header</source>
        <translation>Kopf</translation>
    </message>
    <message>
        <source>version %1, %2</source>
        <translation>Version %1, %2</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Nachrichten</translation>
    </message>
    <message>
        <source>Blobs, no chip code</source>
        <translation>Blobs, kein Chip-Code</translation>
    </message>
    <message>
        <source>Configuration words</source>
        <translation>Konfigurationswörter</translation>
    </message>
    <message>
        <source>Additional info</source>
        <translation>Zusatzangaben</translation>
    </message>
    <message>
        <source>Past the declared end</source>
        <translation>Hinter dem erklärten Ende</translation>
    </message>
    <message>
        <source>architecture %1 in the file</source>
        <translation>Architektur %1 in der Datei</translation>
    </message>
    <message>
        <source>not stated</source>
        <translation>nicht angegeben</translation>
    </message>
    <message>
        <source>no build time stated</source>
        <translation>keine Bauzeit angegeben</translation>
    </message>
    <message>
        <source>built %1</source>
        <translation>gebaut %1</translation>
    </message>
    <message>
        <source>%1 matches</source>
        <translation>%1 stimmt</translation>
    </message>
    <message>
        <source>%1 differs</source>
        <translation>%1 weicht ab</translation>
    </message>
    <message>
        <source>header version %1</source>
        <translation>Kopfversion %1</translation>
    </message>
</context>
<context>
    <name>Layer</name>
    <message>
        <source>input</source>
        <translation>Eingabe</translation>
    </message>
    <message>
        <source>Kernel</source>
        <translation>Kern</translation>
    </message>
    <message>
        <source>Stride</source>
        <translation>Schrittweite</translation>
    </message>
    <message>
        <source>Dilation</source>
        <translation>Dilatation</translation>
    </message>
    <message>
        <source>Padding</source>
        <translation>Rand</translation>
    </message>
    <message>
        <source>weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>function</source>
        <translation>Funktion</translation>
    </message>
    <message>
        <source>pool, resize</source>
        <translation>Pooling, Skalierung</translation>
    </message>
    <message>
        <source>join</source>
        <translation>Verbindung</translation>
    </message>
    <message>
        <source>input, output</source>
        <translation>Ein-, Ausgabe</translation>
    </message>
    <message>
        <source>layout</source>
        <translation>Anordnung</translation>
    </message>
    <message>
        <source>scalar</source>
        <translation>Skalar</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>Eingabe</translation>
    </message>
    <message>
        <source>Input %1</source>
        <translation>Eingabe %1</translation>
    </message>
    <message>
        <source>Output (H×W×C)</source>
        <translation>Ausgabe (H×B×K)</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>Ausgabe</translation>
    </message>
    <message>
        <source>Groups</source>
        <translation>Gruppen</translation>
    </message>
    <message>
        <source>Axis</source>
        <translation>Achse</translation>
    </message>
    <message>
        <source>Activation</source>
        <translation>Aktivierung</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>Multiply-adds</source>
        <translation>Multiplikationen</translation>
    </message>
    <message>
        <source>Element type</source>
        <translation>Elementtyp</translation>
    </message>
</context>
<context>
    <name>SceneColors</name>
    <message>
        <source>less</source>
        <translation>weniger</translation>
    </message>
    <message>
        <source>Operator</source>
        <translation>Operator</translation>
    </message>
    <message>
        <source>Chip or host</source>
        <translation>Chip oder Rechner</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>Kontext</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Weight memory</source>
        <translation>Gewichtsspeicher</translation>
    </message>
    <message>
        <source>on the chip</source>
        <translation>auf dem Chip</translation>
    </message>
    <message>
        <source>on the host, in float</source>
        <translation>auf dem Rechner, in float</translation>
    </message>
    <message>
        <source>8 bit</source>
        <translation>8 Bit</translation>
    </message>
    <message>
        <source>16 bit</source>
        <translation>16 Bit</translation>
    </message>
    <message>
        <source>float</source>
        <translation>float</translation>
    </message>
    <message>
        <source>context %1</source>
        <translation>Kontext %1</translation>
    </message>
    <message>
        <source>host</source>
        <translation>Rechner</translation>
    </message>
    <message>
        <source>%1 % of time</source>
        <translation>%1 % der Zeit</translation>
    </message>
    <message>
        <source>%1 weights</source>
        <translation>%1 Gewichte</translation>
    </message>
    <message>
        <source>Cluster</source>
        <translation>Cluster</translation>
    </message>
    <message>
        <source>cluster %1</source>
        <translation>Cluster %1</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keiner</translation>
    </message>
</context>
<context>
    <name>Stage</name>
    <message>
        <source>Read and check ONNX</source>
        <translation>ONNX lesen und prüfen</translation>
    </message>
    <message>
        <source>Rewrite graph</source>
        <translation>Graph umschreiben</translation>
    </message>
    <message>
        <source>Calibrate</source>
        <translation>Kalibrieren</translation>
    </message>
    <message>
        <source>Quantise</source>
        <translation>Quantisieren</translation>
    </message>
    <message>
        <source>Partition into contexts</source>
        <translation>In Kontexte aufteilen</translation>
    </message>
    <message>
        <source>Generate kernels</source>
        <translation>Kerne erzeugen</translation>
    </message>
    <message>
        <source>Write and verify HEF</source>
        <translation>HEF schreiben und prüfen</translation>
    </message>
</context>
<context>
    <name>hefstudio::ActionModel</name>
    <message>
        <source>operation %1</source>
        <translation>Operation %1</translation>
    </message>
    <message>
        <source>when</source>
        <translation>wann</translation>
    </message>
    <message>
        <source>step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>action</source>
        <translation>Aktion</translation>
    </message>
    <message>
        <source>with</source>
        <translation>mit</translation>
    </message>
    <message>
        <source>bytes</source>
        <translation>Bytes</translation>
    </message>
</context>
<context>
    <name>hefstudio::BatchChart</name>
    <message>
        <source>Frames per second by batch size</source>
        <translation>Bilder je Sekunde über der Stapelgröße</translation>
    </message>
    <message>
        <source>%1, batch %2: %3</source>
        <translation>%1, Stapel %2: %3</translation>
    </message>
    <message>
        <source>No estimate yet.</source>
        <translation>Noch keine Schätzung.</translation>
    </message>
</context>
<context>
    <name>hefstudio::BufferDiagram</name>
    <message>
        <source>Buffers between contexts</source>
        <translation>Puffer zwischen den Kontexten</translation>
    </message>
    <message>
        <source>context %1 to %2: %3</source>
        <translation>Kontext %1 nach %2: %3</translation>
    </message>
    <message>
        <source>Nothing is stored between contexts.</source>
        <translation>Zwischen den Kontexten wird nichts gespeichert.</translation>
    </message>
    <message numerus="yes">
        <source>%1 in %n buffer(s)</source>
        <translation>
            <numerusform>%1 in %n Puffer</numerusform>
            <numerusform>%1 in %n Puffern</numerusform>
        </translation>
    </message>
    <message>
        <source>Context %1</source>
        <translation>Kontext %1</translation>
    </message>
</context>
<context>
    <name>hefstudio::ClusterGrid</name>
    <message>
        <source>%1 contexts on %2 clusters</source>
        <translation>%1 Kontexte auf %2 Clustern</translation>
    </message>
    <message>
        <source>Nothing is placed yet.</source>
        <translation>Noch ist nichts platziert.</translation>
    </message>
    <message>
        <source>cl %1</source>
        <translation>Cl %1</translation>
    </message>
    <message>
        <source>ctx %1</source>
        <translation>Ktx %1</translation>
    </message>
    <message>
        <source>free</source>
        <translation>frei</translation>
    </message>
    <message>
        <source>in use, %</source>
        <translation>belegt, %</translation>
    </message>
    <message>
        <source>over 85 %</source>
        <translation>über 85 %</translation>
    </message>
</context>
<context>
    <name>hefstudio::CommandPalette</name>
    <message>
        <source>Commands</source>
        <translation>Befehle</translation>
    </message>
    <message>
        <source>Name of a command</source>
        <translation>Name eines Befehls</translation>
    </message>
    <message>
        <source>What do you want to do?</source>
        <translation>Was möchten Sie tun?</translation>
    </message>
</context>
<context>
    <name>hefstudio::ContextBar</name>
    <message>
        <source>Chip</source>
        <translation>Chip</translation>
    </message>
    <message>
        <source>Hailo-8L</source>
        <translation>Hailo-8L</translation>
    </message>
    <message>
        <source>Raspberry Pi AI Kit, AI HAT+ 13 TOPS</source>
        <translation>Raspberry Pi AI Kit, AI HAT+ 13 TOPS</translation>
    </message>
    <message>
        <source>Hailo-8</source>
        <translation>Hailo-8</translation>
    </message>
    <message>
        <source>AI HAT+ 26 TOPS, Hailo-8 M.2 modules</source>
        <translation>AI HAT+ 26 TOPS, Hailo-8-M.2-Module</translation>
    </message>
</context>
<context>
    <name>hefstudio::ContextCards</name>
    <message>
        <source>context %1: compute %2 %</source>
        <translation>Kontext %1: Rechenwerk %2 %</translation>
    </message>
    <message>
        <source>Contexts appear here while they fill.</source>
        <translation>Kontexte erscheinen hier, während sie sich füllen.</translation>
    </message>
    <message>
        <source>Context %1</source>
        <translation>Kontext %1</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>control</source>
        <translation>Steuerung</translation>
    </message>
    <message>
        <source>compute</source>
        <translation>Rechenwerk</translation>
    </message>
    <message>
        <source>memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation>
            <numerusform>%n Schicht</numerusform>
            <numerusform>%n Schichten</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 out</source>
        <translation>%1 aus</translation>
    </message>
</context>
<context>
    <name>hefstudio::ConvertPage</name>
    <message>
        <source>Nothing to convert yet</source>
        <translation>Noch nichts umzuwandeln</translation>
    </message>
    <message>
        <source>Open an ONNX file; then choose a chip and a folder of calibration pictures, and build.</source>
        <translation>Öffnen Sie eine ONNX-Datei, wählen Sie dann Chip und Kalibrierbilder und bauen Sie.</translation>
    </message>
    <message>
        <source>Cancelling …</source>
        <translation>Wird abgebrochen …</translation>
    </message>
    <message>
        <source>The converter “hefc” is missing beside this program.</source>
        <translation>Der Umwandler „hefc“ fehlt neben diesem Programm.</translation>
    </message>
    <message>
        <source>Cancelled. Finished stages are kept; no file was written.</source>
        <translation>Abgebrochen. Fertige Stufen bleiben erhalten; es wurde keine Datei geschrieben.</translation>
    </message>
    <message>
        <source>The converter stopped unexpectedly; your files are unchanged.</source>
        <translation>Der Umwandler endete unerwartet; Ihre Dateien sind unverändert.</translation>
    </message>
    <message>
        <source>No HEF was built (exit code %1).</source>
        <translation>Es wurde keine HEF gebaut (Rückgabewert %1).</translation>
    </message>
</context>
<context>
    <name>hefstudio::CutPanel</name>
    <message>
        <source>Use the Proposal</source>
        <translation>Vorschlag nehmen</translation>
    </message>
    <message>
        <source>OUTPUTS OF THE HEF</source>
        <translation>AUSGÄNGE DES HEF</translation>
    </message>
    <message>
        <source>CHIP AND HOST</source>
        <translation>CHIP UND RECHNER</translation>
    </message>
    <message>
        <source>Where the chip&apos;s part ends</source>
        <translation>Wo der Teil des Chips endet</translation>
    </message>
    <message>
        <source>Cut where you chose</source>
        <translation>Geschnitten, wo Sie es wollten</translation>
    </message>
    <message>
        <source>Cut by the network&apos;s structure</source>
        <translation>Nach dem Aufbau des Netzes geschnitten</translation>
    </message>
    <message>
        <source>Show %1</source>
        <translation>%1 zeigen</translation>
    </message>
    <message>
        <source>stride %1</source>
        <translation>Schrittweite %1</translation>
    </message>
    <message>
        <source>… and %1 more</source>
        <translation>… und %1 weitere</translation>
    </message>
    <message>
        <source>Layers on the chip</source>
        <translation>Schichten auf dem Chip</translation>
    </message>
    <message>
        <source>Layers on the host</source>
        <translation>Schichten auf dem Rechner</translation>
    </message>
    <message>
        <source>Host operators</source>
        <translation>Operatoren des Rechners</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>To the host, a frame</source>
        <translation>Zum Rechner je Bild</translation>
    </message>
    <message>
        <source>Not an End</source>
        <translation>Kein Ende</translation>
    </message>
    <message>
        <source>End Here</source>
        <translation>Hier enden</translation>
    </message>
    <message>
        <source>Not a Start</source>
        <translation>Kein Anfang</translation>
    </message>
    <message>
        <source>Start Here</source>
        <translation>Hier beginnen</translation>
    </message>
    <message>
        <source>Select a layer to cut there.</source>
        <translation>Eine Schicht wählen, um dort zu schneiden.</translation>
    </message>
</context>
<context>
    <name>hefstudio::DiagnosticCard</name>
    <message>
        <source>Show %1</source>
        <translation>%1 zeigen</translation>
    </message>
</context>
<context>
    <name>hefstudio::DiffView</name>
    <message>
        <source>%1 AND %2</source>
        <translation>%1 UND %2</translation>
    </message>
    <message>
        <source>Differences</source>
        <translation>Unterschiede</translation>
    </message>
    <message>
        <source>DIFFERENCES</source>
        <translation>UNTERSCHIEDE</translation>
    </message>
    <message>
        <source>Message of %1</source>
        <translation>Nachricht von %1</translation>
    </message>
</context>
<context>
    <name>hefstudio::DifferenceModel</name>
    <message>
        <source>where</source>
        <translation>wo</translation>
    </message>
    <message>
        <source>first file</source>
        <translation>erste Datei</translation>
    </message>
    <message>
        <source>second file</source>
        <translation>zweite Datei</translation>
    </message>
    <message>
        <source>what it means</source>
        <translation>was es bedeutet</translation>
    </message>
</context>
<context>
    <name>hefstudio::GraphCanvas</name>
    <message>
        <source>Graph of the network</source>
        <translation>Graph des Netzes</translation>
    </message>
    <message>
        <source>Arrow keys walk along the edges from the selected layer; the layer list holds the same layers.</source>
        <translation>Pfeiltasten folgen den Kanten von der gewählten Schicht aus; die Schichtenliste enthält dieselben Schichten.</translation>
    </message>
</context>
<context>
    <name>hefstudio::GraphPage</name>
    <message>
        <source>Open a network to see it</source>
        <translation>Öffnen Sie ein Netz, um es zu sehen</translation>
    </message>
    <message>
        <source>Drop an ONNX file here, or open one. The sample is a small detector with pictures and labels: enough to try every step.</source>
        <translation>Legen Sie eine ONNX-Datei hier ab oder öffnen Sie eine. Das Beispiel ist ein kleiner Detektor mit Bildern und Namen: genug, um jeden Schritt zu versuchen.</translation>
    </message>
    <message>
        <source>What stands in the way</source>
        <translation>Was im Weg steht</translation>
    </message>
    <message>
        <source>LAYERS</source>
        <translation>SCHICHTEN</translation>
    </message>
    <message>
        <source>DETAILS</source>
        <translation>EINZELHEITEN</translation>
    </message>
    <message>
        <source>Zoom &amp;In</source>
        <translation>Ver&amp;größern</translation>
    </message>
    <message>
        <source>Zoom &amp;Out</source>
        <translation>Ver&amp;kleinern</translation>
    </message>
    <message>
        <source>&amp;Fit to Window</source>
        <translation>&amp;Einpassen</translation>
    </message>
    <message>
        <source>F&amp;ind Layer</source>
        <translation>Schicht &amp;suchen</translation>
    </message>
    <message>
        <source>Which graph</source>
        <translation>Welcher Graph</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Chip</translation>
    </message>
    <message>
        <source>What runs on the chip, after rewriting</source>
        <translation>Was auf dem Chip läuft, nach dem Umschreiben</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Quelle</translation>
    </message>
    <message>
        <source>The network as the file has it</source>
        <translation>Das Netz, wie es in der Datei steht</translation>
    </message>
    <message>
        <source>Reading %1 …</source>
        <translation>%1 wird gelesen …</translation>
    </message>
    <message>
        <source>%1 cannot be opened</source>
        <translation>%1 lässt sich nicht öffnen</translation>
    </message>
    <message numerus="yes">
        <source>%n thing(s) stand in the way.</source>
        <translation>
            <numerusform>%n Hindernis.</numerusform>
            <numerusform>%n Hindernisse.</numerusform>
        </translation>
    </message>
    <message>
        <source>… and %1 more</source>
        <translation>… und %1 weitere</translation>
    </message>
    <message>
        <source>Graph as the file has it</source>
        <translation>Graph, wie ihn die Datei hat</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Cancel reading the network</source>
        <translation>Lesen des Netzes abbrechen</translation>
    </message>
    <message>
        <source>CUT</source>
        <translation>SCHNITT</translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s) on the way; Esc to forget</source>
        <translation>
            <numerusform>%n Schicht auf dem Weg; Esc vergisst ihn</numerusform>
            <numerusform>%n Schichten auf dem Weg; Esc vergisst ihn</numerusform>
        </translation>
    </message>
    <message>
        <source>No way leads from one to the other.</source>
        <translation>Von der einen führt kein Weg zur anderen.</translation>
    </message>
    <message>
        <source>The first %1 of %2 layers; the rest is being laid out …</source>
        <translation>Die ersten %1 von %2 Schichten; der Rest wird angeordnet …</translation>
    </message>
    <message>
        <source>Panels</source>
        <translation>Leisten</translation>
    </message>
    <message>
        <source>Mark the &amp;Way to Another Layer</source>
        <translation>&amp;Weg zu einer anderen Schicht zeigen</translation>
    </message>
    <message>
        <source>F&amp;old or Unfold Selected</source>
        <translation>Gewählte falten oder ent&amp;falten</translation>
    </message>
    <message>
        <source>&amp;End the Chip&apos;s Part Here</source>
        <translation>Teil des Chips hier &amp;enden lassen</translation>
    </message>
    <message>
        <source>&amp;Start the Chip&apos;s Part Here</source>
        <translation>Teil des Chips hier &amp;beginnen lassen</translation>
    </message>
    <message>
        <source>E&amp;xport Picture of the Graph…</source>
        <translation>Bild des Graphen e&amp;xportieren …</translation>
    </message>
    <message>
        <source>Every Layer</source>
        <translation>Jede Schicht</translation>
    </message>
    <message>
        <source>Fold Blocks</source>
        <translation>Blöcke falten</translation>
    </message>
    <message>
        <source>Fold Scopes</source>
        <translation>Bereiche falten</translation>
    </message>
    <message>
        <source>&amp;Colour by</source>
        <translation>&amp;Farbe nach</translation>
    </message>
    <message>
        <source>Fo&amp;ld</source>
        <translation>Fa&amp;lten</translation>
    </message>
    <message>
        <source>Both</source>
        <translation>Beide</translation>
    </message>
    <message>
        <source>Both side by side, with one selection</source>
        <translation>Beide nebeneinander, mit einer Auswahl</translation>
    </message>
    <message>
        <source>Colour by</source>
        <translation>Farbe nach</translation>
    </message>
    <message>
        <source>Fold layers</source>
        <translation>Schichten falten</translation>
    </message>
    <message>
        <source>Choose the other layer: a click, the list, or the arrow keys.</source>
        <translation>Die andere Schicht wählen: Klick, Liste oder Pfeiltasten.</translation>
    </message>
    <message>
        <source>Export Picture</source>
        <translation>Bild exportieren</translation>
    </message>
    <message>
        <source>Pictures (*.svg *.png)</source>
        <translation>Bilder (*.svg *.png)</translation>
    </message>
    <message>
        <source>%1 cannot be written.</source>
        <translation>%1 kann nicht geschrieben werden.</translation>
    </message>
</context>
<context>
    <name>hefstudio::HefOverviewPanel</name>
    <message>
        <source>Overview of the HEF</source>
        <translation>Übersicht des HEF</translation>
    </message>
    <message>
        <source>CONTEXTS · %1</source>
        <translation>KONTEXTE · %1</translation>
    </message>
    <message>
        <source>CHIP</source>
        <translation>CHIP</translation>
    </message>
    <message>
        <source>COMPILER</source>
        <translation>COMPILER</translation>
    </message>
    <message>
        <source>INTEGRITY</source>
        <translation>UNVERSEHRT</translation>
    </message>
    <message>
        <source>RUNS</source>
        <translation>LÄUFT</translation>
    </message>
    <message>
        <source>In the emulator</source>
        <translation>Im Emulator</translation>
    </message>
    <message>
        <source>does not run on a chip</source>
        <translation>läuft auf keinem Chip</translation>
    </message>
    <message>
        <source>emulation HEF</source>
        <translation>Emulations-HEF</translation>
    </message>
    <message>
        <source>RUNS WITH</source>
        <translation>LÄUFT MIT</translation>
    </message>
    <message>
        <source>HailoRT %1</source>
        <translation>HailoRT %1</translation>
    </message>
    <message>
        <source>on %1</source>
        <translation>auf %1</translation>
    </message>
    <message>
        <source>Nowhere</source>
        <translation>Nirgends</translation>
    </message>
    <message>
        <source>see the objections below</source>
        <translation>siehe die Einwände unten</translation>
    </message>
    <message>
        <source>STREAMS</source>
        <translation>STRÖME</translation>
    </message>
    <message>
        <source>Streams</source>
        <translation>Ströme</translation>
    </message>
    <message>
        <source>FILE</source>
        <translation>DATEI</translation>
    </message>
    <message>
        <source>NETWORK</source>
        <translation>NETZ</translation>
    </message>
</context>
<context>
    <name>hefstudio::HefTreeModel</name>
    <message>
        <source>field</source>
        <translation>Feld</translation>
    </message>
    <message>
        <source>value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>meaning</source>
        <translation>Bedeutung</translation>
    </message>
    <message>
        <source>type</source>
        <translation>Typ</translation>
    </message>
</context>
<context>
    <name>hefstudio::HefView</name>
    <message>
        <source>Context %1</source>
        <translation>Kontext %1</translation>
    </message>
    <message>
        <source>Start-up</source>
        <translation>Start</translation>
    </message>
    <message>
        <source> · clusters %1</source>
        <translation> · Cluster %1</translation>
    </message>
    <message>
        <source>Parts of the HEF</source>
        <translation>Teile des HEF</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>Übersicht</translation>
    </message>
    <message>
        <source>Actions</source>
        <translation>Aktionen</translation>
    </message>
    <message>
        <source>Buffers</source>
        <translation>Puffer</translation>
    </message>
    <message>
        <source>Tree</source>
        <translation>Baum</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>Bytes</translation>
    </message>
    <message>
        <source>Metadata</source>
        <translation>Metadaten</translation>
    </message>
    <message>
        <source>Compare with…</source>
        <translation>Vergleichen mit …</translation>
    </message>
    <message>
        <source>Compare with</source>
        <translation>Vergleichen mit</translation>
    </message>
    <message>
        <source>HEF files (*.hef)</source>
        <translation>HEF-Dateien (*.hef)</translation>
    </message>
    <message>
        <source>Everything as &amp;JSON…</source>
        <translation>Alles als &amp;JSON …</translation>
    </message>
    <message>
        <source>What &amp;parse-hef prints…</source>
        <translation>Was &amp;parse-hef ausgibt …</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>Kontext</translation>
    </message>
    <message numerus="yes">
        <source>%n row(s)</source>
        <translation>
            <numerusform>%n Zeile</numerusform>
            <numerusform>%n Zeilen</numerusform>
        </translation>
    </message>
    <message>
        <source>This file tells a device nothing.</source>
        <translation>Diese Datei sagt einem Gerät nichts.</translation>
    </message>
    <message>
        <source>BETWEEN THE CONTEXTS OF %1</source>
        <translation>ZWISCHEN DEN KONTEXTEN VON %1</translation>
    </message>
    <message>
        <source>from context %1, %2 a frame</source>
        <translation>aus Kontext %1, %2 je Bild</translation>
    </message>
    <message>
        <source>Buffers between contexts</source>
        <translation>Puffer zwischen den Kontexten</translation>
    </message>
    <message>
        <source>Message of the HEF</source>
        <translation>Nachricht des HEF</translation>
    </message>
    <message>
        <source>Go to offset</source>
        <translation>Gehe zu Adresse</translation>
    </message>
    <message>
        <source>Go to offset, 0x… or decimal</source>
        <translation>Gehe zu Adresse, 0x… oder dezimal</translation>
    </message>
    <message>
        <source>%1 bytes</source>
        <translation>%1 Bytes</translation>
    </message>
    <message>
        <source>This HEF carries no metadata: no ZIP with labels or decoding facts at its end.</source>
        <translation>Dieses HEF trägt keine Metadaten: kein ZIP mit Klassennamen oder Angaben zum Dekodieren an seinem Ende.</translation>
    </message>
    <message>
        <source>A ZIP of %1 at offset %2, %3</source>
        <translation>Ein ZIP von %1 bei Adresse %2, %3</translation>
    </message>
    <message>
        <source>sealed into the header</source>
        <translation>in den Kopf eingeschlossen</translation>
    </message>
    <message>
        <source>appended behind the declared end</source>
        <translation>hinter dem erklärten Ende angehängt</translation>
    </message>
    <message>
        <source>Files of the metadata</source>
        <translation>Dateien der Metadaten</translation>
    </message>
    <message>
        <source>Content of the file</source>
        <translation>Inhalt der Datei</translation>
    </message>
    <message>
        <source>%1 cannot be written.</source>
        <translation>%1 kann nicht geschrieben werden.</translation>
    </message>
    <message>
        <source>Export as JSON</source>
        <translation>Als JSON exportieren</translation>
    </message>
    <message>
        <source>parse-hef refuses this file: %1</source>
        <translation>parse-hef weist diese Datei ab: %1</translation>
    </message>
    <message>
        <source>Export what parse-hef prints</source>
        <translation>Exportieren, was parse-hef ausgibt</translation>
    </message>
</context>
<context>
    <name>hefstudio::HexView</name>
    <message>
        <source>Bytes of the file</source>
        <translation>Bytes der Datei</translation>
    </message>
</context>
<context>
    <name>hefstudio::InspectPage</name>
    <message>
        <source>What stands in the way</source>
        <translation>Was im Weg steht</translation>
    </message>
    <message>
        <source>%1 cannot be opened</source>
        <translation>%1 lässt sich nicht öffnen</translation>
    </message>
    <message>
        <source>Look inside a HEF</source>
        <translation>In eine HEF schauen</translation>
    </message>
    <message>
        <source>Drop HEF files here, ours or the vendor&apos;s, or open one: chip, versions, contexts, streams and whether it is intact.</source>
        <translation>Legen Sie HEF-Dateien hier ab, unsere oder die des Herstellers, oder öffnen Sie eine: Chip, Versionen, Kontexte, Ströme und ob sie unversehrt ist.</translation>
    </message>
    <message>
        <source>Opened HEFs</source>
        <translation>Geöffnete HEFs</translation>
    </message>
    <message>
        <source>%1 ↔ %2</source>
        <translation>%1 ↔ %2</translation>
    </message>
</context>
<context>
    <name>hefstudio::LayerDetails</name>
    <message>
        <source>FROM THE ONNX NODES</source>
        <translation>AUS DEN ONNX-KNOTEN</translation>
    </message>
    <message>
        <source>Details of the selected layer</source>
        <translation>Einzelheiten der gewählten Schicht</translation>
    </message>
    <message>
        <source>the whole network</source>
        <translation>das ganze Netz</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Schichten</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>Multiply-adds</source>
        <translation>Multiplikationen</translation>
    </message>
    <message>
        <source>Input %1</source>
        <translation>Eingabe %1</translation>
    </message>
    <message>
        <source>Output %1</source>
        <translation>Ausgabe %1</translation>
    </message>
    <message>
        <source>ON THE CHIP, PREDICTED</source>
        <translation>AUF DEM CHIP, VORHERGESAGT</translation>
    </message>
    <message>
        <source>WEIGHTS</source>
        <translation>GEWICHTE</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>Läuft</translation>
    </message>
    <message>
        <source>nowhere: rewritten away</source>
        <translation>nirgends: weggeformt</translation>
    </message>
    <message>
        <source>on the host, in float</source>
        <translation>auf dem Rechner, in float</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>Kontext</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>Time in one piece</source>
        <translation>Zeit in einem Stück</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>Share of all layers</source>
        <translation>Anteil an allen Schichten</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>Precision, planned</source>
        <translation>Genauigkeit, geplant</translation>
    </message>
    <message>
        <source>%1 bit</source>
        <translation>%1 Bit</translation>
    </message>
</context>
<context>
    <name>hefstudio::LayerList</name>
    <message>
        <source>Find a layer</source>
        <translation>Schicht suchen</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Schichten</translation>
    </message>
    <message>
        <source>%1 layers</source>
        <translation>%1 Schichten</translation>
    </message>
    <message>
        <source>%1 of %2 layers</source>
        <translation>%1 von %2 Schichten</translation>
    </message>
    <message>
        <source>Words that must all occur; op:conv, name:head and shape:80x80 look in one place only</source>
        <translation>Wörter, die alle vorkommen müssen; op:conv, name:head und shape:80x80 suchen nur an einer Stelle</translation>
    </message>
</context>
<context>
    <name>hefstudio::LayerListModel</name>
    <message>
        <source>Layer</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>Ausgabe</translation>
    </message>
</context>
<context>
    <name>hefstudio::LayerTableModel</name>
    <message>
        <source>layer</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>context</source>
        <translation>Kontext</translation>
    </message>
    <message>
        <source>ms, one piece</source>
        <translation>ms, ein Stück</translation>
    </message>
    <message>
        <source>% of all</source>
        <translation>% von allen</translation>
    </message>
    <message>
        <source>multiply-adds</source>
        <translation>Multiplikationen</translation>
    </message>
    <message>
        <source>weights</source>
        <translation>Gewichte</translation>
    </message>
</context>
<context>
    <name>hefstudio::LedgerModel</name>
    <message>
        <source>%1, differs from what was asked</source>
        <translation>%1, anders als verlangt</translation>
    </message>
    <message>
        <source>setting</source>
        <translation>Einstellung</translation>
    </message>
    <message>
        <source>asked</source>
        <translation>verlangt</translation>
    </message>
    <message>
        <source>used</source>
        <translation>verwendet</translation>
    </message>
    <message>
        <source>why</source>
        <translation>warum</translation>
    </message>
</context>
<context>
    <name>hefstudio::LogView</name>
    <message>
        <source>LOG</source>
        <translation>PROTOKOLL</translation>
    </message>
    <message>
        <source>all</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>warnings</source>
        <translation>Warnungen</translation>
    </message>
    <message>
        <source>errors</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Show %1</source>
        <translation>Zeige %1</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy the log</source>
        <translation>Protokoll kopieren</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>all %1</source>
        <translation>alle %1</translation>
    </message>
    <message>
        <source>warnings %1</source>
        <translation>Warnungen %1</translation>
    </message>
    <message>
        <source>errors %1</source>
        <translation>Fehler %1</translation>
    </message>
</context>
<context>
    <name>hefstudio::MainWindow</name>
    <message>
        <source>&amp;Open…</source>
        <translation>Ö&amp;ffnen …</translation>
    </message>
    <message>
        <source>Open &amp;HEF…</source>
        <translation>&amp;HEF öffnen …</translation>
    </message>
    <message>
        <source>Open &amp;Sample</source>
        <translation>&amp;Beispiel öffnen</translation>
    </message>
    <message>
        <source>&amp;Build Emulation HEF</source>
        <translation>&amp;Emulations-HEF bauen</translation>
    </message>
    <message>
        <source>&amp;Reset Layout</source>
        <translation>Anordnung &amp;zurücksetzen</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>Convert the open network; the result runs in the emulator</source>
        <translation>Das offene Netz umwandeln; das Ergebnis läuft im Emulator</translation>
    </message>
    <message>
        <source>Graph</source>
        <translation>Graph</translation>
    </message>
    <message>
        <source>Convert</source>
        <translation>Umwandeln</translation>
    </message>
    <message>
        <source>Inspect</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;About %1</source>
        <translation>Ü&amp;ber %1</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Graph</source>
        <translation>&amp;Graph</translation>
    </message>
    <message>
        <source>&amp;Convert</source>
        <translation>&amp;Umwandeln</translation>
    </message>
    <message>
        <source>I&amp;nspect</source>
        <translation>&amp;Prüfen</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>&amp;Farben</translation>
    </message>
    <message>
        <source>Like the &amp;System</source>
        <translation>Wie das &amp;System</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>&amp;Hell</translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation>&amp;Dunkel</translation>
    </message>
    <message>
        <source>No network open</source>
        <translation>Kein Netz offen</translation>
    </message>
    <message>
        <source>builds emulation HEFs: they run in the emulator, not on a chip</source>
        <translation>baut Emulations-HEFs: sie laufen im Emulator, nicht auf einem Chip</translation>
    </message>
    <message>
        <source>No HEF open</source>
        <translation>Keine HEF offen</translation>
    </message>
    <message>
        <source>emulation HEF: runs in the emulator, does not run on a chip</source>
        <translation>Emulations-HEF: läuft im Emulator, nicht auf einem Chip</translation>
    </message>
    <message>
        <source>%1 parameters</source>
        <translation>%1 Parameter</translation>
    </message>
    <message>
        <source>HEF files (*.hef)</source>
        <translation>HEF-Dateien (*.hef)</translation>
    </message>
    <message>
        <source>Open HEF</source>
        <translation>HEF öffnen</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>The folder will be used for calibration once a network is open.</source>
        <translation>Der Ordner dient der Kalibrierung, sobald ein Netz offen ist.</translation>
    </message>
    <message>
        <source>About %1</source>
        <translation>Über %1</translation>
    </message>
    <message>
        <source>Converts trained networks for Hailo-8 and Hailo-8L and shows what happens on the way.

What the built-in back end writes is an emulation HEF: it runs bit for bit in the emulator and does not run on a chip.

Free software under the GNU General Public License, version 3 or later.</source>
        <translation>Wandelt trainierte Netze für Hailo-8 und Hailo-8L um und zeigt, was unterwegs geschieht.

Der eingebaute Umwandler schreibt eine Emulations-HEF: Sie läuft bitgenau im Emulator und nicht auf einem Chip.

Freie Software unter der GNU General Public License, Version 3 oder später.</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>A conversion is running. Stop it and quit?</source>
        <translation>Eine Umwandlung läuft. Anhalten und beenden?</translation>
    </message>
    <message>
        <source>&amp;Find Command…</source>
        <translation>Befehl &amp;finden …</translation>
    </message>
    <message>
        <source>&amp;Settings…</source>
        <translation>&amp;Einstellungen …</translation>
    </message>
    <message>
        <source>Open an ONNX network, a HEF or a recipe</source>
        <translation>Ein ONNX-Netz, ein HEF oder ein Rezept öffnen</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>&amp;Start</source>
        <translation>&amp;Start</translation>
    </message>
    <message>
        <source>&amp;Profile</source>
        <translation>&amp;Profil</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>Profil</translation>
    </message>
    <message>
        <source>chip</source>
        <translation>Chip</translation>
    </message>
    <message>
        <source>Networks, HEFs and recipes (*.onnx *.hef *.json)</source>
        <translation>Netze, HEFs und Rezepte (*.onnx *.hef *.json)</translation>
    </message>
    <message>
        <source>calibration pictures</source>
        <translation>Kalibrierbilder</translation>
    </message>
    <message>
        <source>Hailo-8</source>
        <translation>Hailo-8</translation>
    </message>
    <message>
        <source>Hailo-8L</source>
        <translation>Hailo-8L</translation>
    </message>
    <message>
        <source>part on the chip</source>
        <translation>Teil auf dem Chip</translation>
    </message>
    <message>
        <source>value range</source>
        <translation>Wertebereich</translation>
    </message>
</context>
<context>
    <name>hefstudio::PageRail</name>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
</context>
<context>
    <name>hefstudio::PartitionChart</name>
    <message numerus="yes">
        <source>%n iteration(s)</source>
        <translation>
            <numerusform>%n Iteration</numerusform>
            <numerusform>%n Iterationen</numerusform>
        </translation>
    </message>
    <message>
        <source>The search has not begun.</source>
        <translation>Die Suche hat noch nicht begonnen.</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message numerus="yes">
        <source>%n context(s), %1 ms</source>
        <translation>
            <numerusform>%n Kontext, %1 ms</numerusform>
            <numerusform>%n Kontexte, %1 ms</numerusform>
        </translation>
    </message>
    <message>
        <source>iteration %1</source>
        <translation>Iteration %1</translation>
    </message>
</context>
<context>
    <name>hefstudio::PathField</name>
    <message>
        <source>Browse…</source>
        <translation>Durchsuchen …</translation>
    </message>
    <message>
        <source>Browse: %1</source>
        <translation>Durchsuchen: %1</translation>
    </message>
    <message>
        <source>HEF files (*.hef)</source>
        <translation>HEF-Dateien (*.hef)</translation>
    </message>
</context>
<context>
    <name>hefstudio::ProfilePage</name>
    <message>
        <source>compute</source>
        <translation>Rechnen</translation>
    </message>
    <message>
        <source>host link</source>
        <translation>Verbindung zum Rechner</translation>
    </message>
    <message>
        <source>loading contexts</source>
        <translation>Laden der Kontexte</translation>
    </message>
    <message>
        <source>switching contexts</source>
        <translation>Wechsel der Kontexte</translation>
    </message>
    <message>
        <source>How fast will it run?</source>
        <translation>Wie schnell wird es laufen?</translation>
    </message>
    <message>
        <source>Open a network: its speed, latency and use of the chip are predicted for Hailo-8L and Hailo-8, side by side.</source>
        <translation>Ein Netz öffnen: Tempo, Latenz und Auslastung werden für Hailo-8L und Hailo-8 nebeneinander vorhergesagt.</translation>
    </message>
    <message>
        <source>TIMELINE</source>
        <translation>ZEITLEISTE</translation>
    </message>
    <message>
        <source>LAYERS BY TIME</source>
        <translation>SCHICHTEN NACH ZEIT</translation>
    </message>
    <message>
        <source>Host link of %1</source>
        <translation>Verbindung von %1 zum Rechner</translation>
    </message>
    <message>
        <source>Predicted from a model of the chip, not measured. Batch</source>
        <translation>Aus einem Modell des Chips vorhergesagt, nicht gemessen. Stapel</translation>
    </message>
    <message>
        <source>Batch size</source>
        <translation>Stapelgröße</translation>
    </message>
    <message>
        <source>SPEED BY BATCH</source>
        <translation>BILDER JE SEKUNDE NACH STAPEL</translation>
    </message>
    <message>
        <source>USE OF THE CHIP</source>
        <translation>AUSLASTUNG DES CHIPS</translation>
    </message>
    <message>
        <source>Use of the chip by context</source>
        <translation>Auslastung des Chips nach Kontext</translation>
    </message>
    <message>
        <source>Speed of both chips</source>
        <translation>Tempo beider Chips</translation>
    </message>
    <message>
        <source>Find a layer</source>
        <translation>Schicht suchen</translation>
    </message>
    <message>
        <source>Layers by time</source>
        <translation>Schichten nach Zeit</translation>
    </message>
    <message>
        <source>does not fit</source>
        <translation>passt nicht</translation>
    </message>
    <message>
        <source>…</source>
        <translation>…</translation>
    </message>
    <message>
        <source>see above</source>
        <translation>siehe oben</translation>
    </message>
    <message>
        <source>being worked out</source>
        <translation>wird berechnet</translation>
    </message>
    <message>
        <source>%1 frames/s</source>
        <translation>%1 Bilder/s</translation>
    </message>
    <message>
        <source>predicted; 80 % of published speeds lie between %1 and %2</source>
        <translation>vorhergesagt; 80 % der veröffentlichten Werte liegen zwischen %1 und %2</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>Latency of the batch</source>
        <translation>Latenz des Stapels</translation>
    </message>
    <message>
        <source>Device alone</source>
        <translation>Gerät allein</translation>
    </message>
    <message>
        <source>Host link alone</source>
        <translation>Verbindung allein</translation>
    </message>
    <message>
        <source>Contexts</source>
        <translation>Kontexte</translation>
    </message>
    <message>
        <source>Loading contexts alone</source>
        <translation>Laden der Kontexte allein</translation>
    </message>
    <message>
        <source>Held up by</source>
        <translation>Gebremst durch</translation>
    </message>
    <message>
        <source>Slowest layer</source>
        <translation>Langsamste Schicht</translation>
    </message>
    <message>
        <source>To and from the host</source>
        <translation>Vom und zum Rechner</translation>
    </message>
    <message>
        <source>%1 a frame</source>
        <translation>%1 je Bild</translation>
    </message>
    <message>
        <source>Between contexts</source>
        <translation>Zwischen Kontexten</translation>
    </message>
    <message>
        <source>Link traffic</source>
        <translation>Verkehr</translation>
    </message>
    <message>
        <source>%1/s</source>
        <translation>%1/s</translation>
    </message>
    <message>
        <source>Host remainder</source>
        <translation>Rest auf dem Rechner</translation>
    </message>
    <message>
        <source>not estimated</source>
        <translation>nicht geschätzt</translation>
    </message>
</context>
<context>
    <name>hefstudio::RecentFiles</name>
    <message>
        <source>%1 in %2</source>
        <translation>%1 in %2</translation>
    </message>
</context>
<context>
    <name>hefstudio::RecentFilesMenu</name>
    <message>
        <source>Open &amp;Recent</source>
        <translation>&amp;Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>&amp;Clear List</source>
        <translation>Liste &amp;leeren</translation>
    </message>
</context>
<context>
    <name>hefstudio::ResultCard</name>
    <message>
        <source>Change Settings</source>
        <translation>Einstellungen ändern</translation>
    </message>
    <message>
        <source>Back to the settings</source>
        <translation>Zurück zu den Einstellungen</translation>
    </message>
    <message>
        <source>emulation HEF</source>
        <translation>Emulations-HEF</translation>
    </message>
    <message numerus="yes">
        <source>%n context(s)</source>
        <translation>
            <numerusform>%n Kontext</numerusform>
            <numerusform>%n Kontexte</numerusform>
        </translation>
    </message>
    <message>
        <source>built in %1</source>
        <translation>gebaut in %1</translation>
    </message>
    <message>
        <source>runs in the emulator, does not run on a chip</source>
        <translation>läuft im Emulator, nicht auf einem Chip</translation>
    </message>
    <message>
        <source>Get a Chip HEF…</source>
        <translation>Chip-HEF erhalten …</translation>
    </message>
    <message>
        <source>Get a HEF that runs on a chip</source>
        <translation>Eine HEF erhalten, die auf einem Chip läuft</translation>
    </message>
    <message>
        <source>Show in Folder</source>
        <translation>Im Ordner zeigen</translation>
    </message>
    <message>
        <source>Open in Inspector</source>
        <translation>Ansehen</translation>
    </message>
    <message>
        <source>Get a Chip HEF</source>
        <translation>Chip-HEF erhalten</translation>
    </message>
    <message>
        <source>What programs the chip is not public, so this program cannot write it.</source>
        <translation>Womit der Chip programmiert wird, ist nicht öffentlich; dieses Programm kann es daher nicht schreiben.</translation>
    </message>
    <message>
        <source>A HEF that runs on a Hailo-8 or Hailo-8L is made by Hailo&apos;s Dataflow Compiler, version 3.x, which Hailo gives to registered developers (hailo.ai, Developer Zone). It needs x86-64 Linux and Python.

Give it the same ONNX file, the same calibration pictures and the settings listed under “asked · used · why”: the emulation HEF shows what to expect.</source>
        <translation>Eine HEF, die auf einem Hailo-8 oder Hailo-8L läuft, erzeugt der Dataflow Compiler von Hailo, Version 3.x, den Hailo registrierten Entwicklern gibt (hailo.ai, Developer Zone). Er braucht Linux auf x86-64 und Python.

Geben Sie ihm dieselbe ONNX-Datei, dieselben Kalibrierbilder und die Einstellungen unter „verlangt · verwendet · warum“: Die Emulations-HEF zeigt, was zu erwarten ist.</translation>
    </message>
</context>
<context>
    <name>hefstudio::RunPanel</name>
    <message>
        <source>STAGES</source>
        <translation>STUFEN</translation>
    </message>
    <message>
        <source>Stages</source>
        <translation>Stufen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Cancel the conversion</source>
        <translation>Die Umwandlung abbrechen</translation>
    </message>
    <message>
        <source>PARTITION · predicted frame time by iteration</source>
        <translation>AUFTEILUNG · vorhergesagte Bildzeit je Iteration</translation>
    </message>
    <message>
        <source>Predicted frame time by iteration</source>
        <translation>Vorhergesagte Bildzeit je Iteration</translation>
    </message>
    <message>
        <source>Contexts</source>
        <translation>Kontexte</translation>
    </message>
    <message>
        <source>CONTEXTS</source>
        <translation>KONTEXTE</translation>
    </message>
    <message>
        <source>ASKED · USED · WHY</source>
        <translation>VERLANGT · VERWENDET · WARUM</translation>
    </message>
    <message>
        <source>Asked, used, why</source>
        <translation>Verlangt, verwendet, warum</translation>
    </message>
    <message>
        <source>CLUSTERS</source>
        <translation>CLUSTER</translation>
    </message>
</context>
<context>
    <name>hefstudio::SectionStrip</name>
    <message>
        <source>Sections of the file</source>
        <translation>Abschnitte der Datei</translation>
    </message>
</context>
<context>
    <name>hefstudio::SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>Like the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Threads of a conversion</source>
        <translation>Threads einer Umwandlung</translation>
    </message>
    <message>
        <source>All cores (%1)</source>
        <translation>Alle Kerne (%1)</translation>
    </message>
    <message>
        <source>A new language holds from the next start.</source>
        <translation>Eine neue Sprache gilt ab dem nächsten Start.</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>Threads</translation>
    </message>
    <message>
        <source>The bytes of a HEF do not depend on it.</source>
        <translation>Die Bytes eines HEF hängen davon nicht ab.</translation>
    </message>
    <message>
        <source>Back end</source>
        <translation>Rückseite</translation>
    </message>
    <message>
        <source>Built-in: emulation HEFs</source>
        <translation>Eingebaut: Emulations-HEFs</translation>
    </message>
    <message>
        <source>Driving Hailo&apos;s Dataflow Compiler is not part of this version.</source>
        <translation>Das Ansteuern von Hailos Dataflow Compiler gehört nicht zu dieser Version.</translation>
    </message>
</context>
<context>
    <name>hefstudio::SetupPanel</name>
    <message>
        <source>Settings of the conversion</source>
        <translation>Einstellungen der Umwandlung</translation>
    </message>
    <message>
        <source>Fast</source>
        <translation>Schnell</translation>
    </message>
    <message>
        <source>8 bit everywhere</source>
        <translation>überall 8 Bit</translation>
    </message>
    <message>
        <source>Ranges chosen per tensor, equalised channels, corrected biases. Seconds.</source>
        <translation>Bereiche je Tensor gewählt, Kanäle angeglichen, Bias korrigiert. Sekunden.</translation>
    </message>
    <message>
        <source>Balanced</source>
        <translation>Ausgewogen</translation>
    </message>
    <message>
        <source>16 bit boxes, 8 bit elsewhere</source>
        <translation>Rahmen 16 Bit, sonst 8 Bit</translation>
    </message>
    <message>
        <source>Accurate</source>
        <translation>Genau</translation>
    </message>
    <message>
        <source>16 bit outputs and sensitive layers, 8 bit elsewhere</source>
        <translation>Ausgaben und empfindliche Schichten 16 Bit, sonst 8 Bit</translation>
    </message>
    <message>
        <source>Weights rounded so that their errors cancel. A minute.</source>
        <translation>Gewichte so gerundet, dass sich ihre Fehler aufheben. Eine Minute.</translation>
    </message>
    <message>
        <source>The layers that suffer most from 8 bits are found and given 16. Minutes.</source>
        <translation>Die Schichten, die unter 8 Bit am meisten leiden, bekommen 16. Minuten.</translation>
    </message>
    <message>
        <source>CALIBRATION PICTURES</source>
        <translation>KALIBRIERBILDER</translation>
    </message>
    <message>
        <source>A folder of pictures like those the network will see; they set the range of every layer.</source>
        <translation>Ein Ordner mit Bildern, wie das Netz sie sehen wird; sie bestimmen den Bereich jeder Schicht.</translation>
    </message>
    <message>
        <source>Folder of calibration pictures</source>
        <translation>Ordner der Kalibrierbilder</translation>
    </message>
    <message>
        <source>Drop a folder here, or browse</source>
        <translation>Ordner hier ablegen oder durchsuchen</translation>
    </message>
    <message>
        <source>FROM PICTURE TO INPUT</source>
        <translation>VOM BILD ZUR EINGABE</translation>
    </message>
    <message>
        <source>Must match the network&apos;s training. Normalisation is folded into the first layer: the HEF takes raw 8-bit pictures.</source>
        <translation>Muss zum Training passen. Die Normierung wird in die erste Schicht gefaltet: Die HEF nimmt rohe 8-Bit-Bilder.</translation>
    </message>
    <message>
        <source>Value range</source>
        <translation>Wertebereich</translation>
    </message>
    <message>
        <source>As the model says</source>
        <translation>Wie das Modell sagt</translation>
    </message>
    <message>
        <source>0 … 1</source>
        <translation>0 … 1</translation>
    </message>
    <message>
        <source>−1 … 1</source>
        <translation>−1 … 1</translation>
    </message>
    <message>
        <source>0 … 255, unchanged</source>
        <translation>0 … 255, unverändert</translation>
    </message>
    <message>
        <source>ImageNet mean and deviation</source>
        <translation>Mittel und Streuung von ImageNet</translation>
    </message>
    <message>
        <source>Own mean / deviation</source>
        <translation>Eigenes Mittel / eigene Streuung</translation>
    </message>
    <message>
        <source>Mean / deviation per channel, of values 0 to 255</source>
        <translation>Mittel / Streuung je Kanal, bei Werten 0 bis 255</translation>
    </message>
    <message>
        <source>Colour order</source>
        <translation>Farbfolge</translation>
    </message>
    <message>
        <source>RGB</source>
        <translation>RGB</translation>
    </message>
    <message>
        <source>BGR</source>
        <translation>BGR</translation>
    </message>
    <message>
        <source>Grey</source>
        <translation>Grau</translation>
    </message>
    <message>
        <source>Fit to the input</source>
        <translation>Einpassen</translation>
    </message>
    <message>
        <source>Letterbox, centred</source>
        <translation>Mit Rand, mittig</translation>
    </message>
    <message>
        <source>Letterbox, top left</source>
        <translation>Mit Rand, oben links</translation>
    </message>
    <message>
        <source>Stretch</source>
        <translation>Strecken</translation>
    </message>
    <message>
        <source>Crop the middle</source>
        <translation>Mitte ausschneiden</translation>
    </message>
    <message>
        <source>OUTPUT</source>
        <translation>AUSGABE</translation>
    </message>
    <message>
        <source>HEF to write</source>
        <translation>Zu schreibende HEF</translation>
    </message>
    <message>
        <source>An emulation HEF: it opens in every reader and runs in the emulator bit for bit, but does not run on a chip.</source>
        <translation>Eine Emulations-HEF: Sie öffnet in jedem Leser und läuft bitgenau im Emulator, aber nicht auf einem Chip.</translation>
    </message>
    <message>
        <source>No folder chosen.</source>
        <translation>Kein Ordner gewählt.</translation>
    </message>
    <message>
        <source>No pictures here (JPEG, PNG, BMP, WebP).</source>
        <translation>Hier sind keine Bilder (JPEG, PNG, BMP, WebP).</translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s); 64 or more give steadier ranges.</source>
        <translation>
            <numerusform>%n Bild; ab 64 werden die Bereiche verlässlicher.</numerusform>
            <numerusform>%n Bilder; ab 64 werden die Bereiche verlässlicher.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s).</source>
        <translation>
            <numerusform>%n Bild.</numerusform>
            <numerusform>%n Bilder.</numerusform>
        </translation>
    </message>
    <message>
        <source>calibration pictures</source>
        <translation>Kalibrierbilder</translation>
    </message>
    <message>
        <source>output file</source>
        <translation>Ausgabedatei</translation>
    </message>
    <message>
        <source>value range</source>
        <translation>Wertebereich</translation>
    </message>
    <message>
        <source>mean and deviation</source>
        <translation>Mittel und Abweichung</translation>
    </message>
    <message>
        <source>colour order</source>
        <translation>Farbfolge</translation>
    </message>
    <message>
        <source>fit to the input</source>
        <translation>Anpassung an den Eingang</translation>
    </message>
    <message>
        <source>The chip&apos;s part ends</source>
        <translation>Der Teil des Chips endet</translation>
    </message>
    <message>
        <source>Find by Structure</source>
        <translation>Nach Aufbau finden</translation>
    </message>
    <message>
        <source>part on the chip</source>
        <translation>Teil auf dem Chip</translation>
    </message>
    <message>
        <source>Choose on the Graph…</source>
        <translation>Im Graphen wählen …</translation>
    </message>
    <message>
        <source>Chosen by you: %1</source>
        <translation>Von Ihnen gewählt: %1</translation>
    </message>
    <message>
        <source>Found by the network&apos;s structure</source>
        <translation>Nach dem Aufbau des Netzes gefunden</translation>
    </message>
</context>
<context>
    <name>hefstudio::StageModel</name>
    <message>
        <source>kept</source>
        <translation>behalten</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>running</source>
        <translation>läuft</translation>
    </message>
    <message>
        <source>done</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>gescheitert</translation>
    </message>
</context>
<context>
    <name>hefstudio::StatusFacts</name>
    <message>
        <source>Memory that this window holds</source>
        <translation>Speicher, den dieses Fenster hält</translation>
    </message>
    <message>
        <source>Built-in back end</source>
        <translation>Eingebaute Rückseite</translation>
    </message>
    <message numerus="yes">
        <source>%n thread(s)</source>
        <translation>
            <numerusform>%n Thread</numerusform>
            <numerusform>%n Threads</numerusform>
        </translation>
    </message>
    <message>
        <source>memory %1</source>
        <translation>Speicher %1</translation>
    </message>
</context>
<context>
    <name>hefstudio::StreamModel</name>
    <message>
        <source>in</source>
        <translation>ein</translation>
    </message>
    <message>
        <source>out</source>
        <translation>aus</translation>
    </message>
    <message>
        <source>stream</source>
        <translation>Strom</translation>
    </message>
    <message>
        <source>type</source>
        <translation>Typ</translation>
    </message>
    <message>
        <source>order · shape</source>
        <translation>Ordnung · Form</translation>
    </message>
    <message>
        <source>scale</source>
        <translation>Skala</translation>
    </message>
    <message>
        <source>zero point</source>
        <translation>Nullpunkt</translation>
    </message>
</context>
<context>
    <name>hefstudio::TimelineView</name>
    <message>
        <source>Timeline of contexts and layers</source>
        <translation>Zeitleiste der Kontexte und Schichten</translation>
    </message>
    <message>
        <source>Context %1</source>
        <translation>Kontext %1</translation>
    </message>
    <message>
        <source>Switch to context %1</source>
        <translation>Wechsel zu Kontext %1</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>%1 to %2 ms, predicted</source>
        <translation>%1 bis %2 ms, vorhergesagt</translation>
    </message>
</context>
<context>
    <name>hefstudio::UtilisationChart</name>
    <message>
        <source>Use of the chip by context</source>
        <translation>Auslastung des Chips nach Kontext</translation>
    </message>
    <message>
        <source>No estimate yet.</source>
        <translation>Noch keine Schätzung.</translation>
    </message>
    <message>
        <source>control</source>
        <translation>Steuerung</translation>
    </message>
    <message>
        <source>compute</source>
        <translation>Rechnen</translation>
    </message>
    <message>
        <source>weight memory</source>
        <translation>Gewichtsspeicher</translation>
    </message>
    <message numerus="yes">
        <source>Context %1 · %n layer(s)</source>
        <translation>
            <numerusform>Kontext %1 · %n Schicht</numerusform>
            <numerusform>Kontext %1 · %n Schichten</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
</context>
<context>
    <name>hefstudio::WeightView</name>
    <message>
        <source>Weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>from %1 to %2, %3 % exactly zero</source>
        <translation>von %1 bis %2, %3 % genau null</translation>
    </message>
    <message>
        <source>mean magnitude, output × input channel</source>
        <translation>mittlerer Betrag, Ausgangs- × Eingangskanal</translation>
    </message>
</context>
<context>
    <name>hefstudio::WelcomePage</name>
    <message>
        <source>From a network to a HEF</source>
        <translation>Vom Netz zum HEF</translation>
    </message>
    <message>
        <source>Open a trained network, give it pictures, and watch what becomes of it: which layers the chip gets, in how many contexts, how exactly, and how fast.</source>
        <translation>Ein trainiertes Netz öffnen, ihm Bilder geben und zusehen, was daraus wird: welche Schichten der Chip bekommt, in wie vielen Kontexten, wie genau und wie schnell.</translation>
    </message>
    <message>
        <source>The built-in back end writes emulation HEFs: every reader opens them, the emulator runs them bit for bit, no chip does.</source>
        <translation>Die eingebaute Rückseite schreibt Emulations-HEFs: Jedes Leseprogramm öffnet sie, der Emulator führt sie Bit für Bit aus, kein Chip tut es.</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>Open a network</source>
        <translation>Ein Netz öffnen</translation>
    </message>
    <message>
        <source>An ONNX file, by drop or here. The sample is a small detector that brings pictures and labels.</source>
        <translation>Eine ONNX-Datei, hereingezogen oder hier. Das Beispiel ist ein kleiner Detektor mit Bildern und Klassennamen.</translation>
    </message>
    <message>
        <source>Choose chip and pictures</source>
        <translation>Chip und Bilder wählen</translation>
    </message>
    <message>
        <source>A folder of pictures like those the camera will see sets the range of every layer. Then: Build Emulation HEF.</source>
        <translation>Ein Ordner mit Bildern, wie die Kamera sie sehen wird, bestimmt den Wertebereich jeder Schicht. Dann: Emulations-HEF bauen.</translation>
    </message>
    <message>
        <source>Look inside</source>
        <translation>Hineinsehen</translation>
    </message>
    <message>
        <source>Contexts, streams, bytes, predicted speed. Any HEF can be looked into, ours or the vendor&apos;s.</source>
        <translation>Kontexte, Ströme, Bytes, vorhergesagtes Tempo. In jedes HEF lässt sich hineinsehen, unseres oder das des Herstellers.</translation>
    </message>
    <message>
        <source>RECENT WORK</source>
        <translation>ZULETZT</translation>
    </message>
    <message>
        <source>Recent work</source>
        <translation>Zuletzt</translation>
    </message>
    <message>
        <source>Files you open appear here, ready to be opened again.</source>
        <translation>Geöffnete Dateien erscheinen hier, bereit zum erneuten Öffnen.</translation>
    </message>
</context>
<context>
    <name>main</name>
    <message>
        <source>Converts trained networks for Hailo-8 and Hailo-8L and shows what happens.</source>
        <translation>Wandelt trainierte Netze für Hailo-8 und Hailo-8L um und zeigt, was geschieht.</translation>
    </message>
    <message>
        <source>ONNX or HEF files, or a folder of pictures.</source>
        <translation>ONNX- oder HEF-Dateien oder ein Ordner mit Bildern.</translation>
    </message>
</context>
</TS>
