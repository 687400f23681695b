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
    <message numerus="yes">
        <source>Leave out %n picture(s)</source>
        <translation>
            <numerusform>%n Bild weglassen</numerusform>
            <numerusform>%n Bilder weglassen</numerusform>
        </translation>
    </message>
    <message>
        <source>Put channels last</source>
        <translation>Kanäle ans Ende stellen</translation>
    </message>
    <message>
        <source>Exchange red and blue</source>
        <translation>Rot und Blau vertauschen</translation>
    </message>
    <message>
        <source>Scale to %1 … %2</source>
        <translation>Auf %1 … %2 bringen</translation>
    </message>
    <message numerus="yes">
        <source>Convert to %n channel(s)</source>
        <translation>
            <numerusform>In %n Kanal umwandeln</numerusform>
            <numerusform>In %n Kanäle umwandeln</numerusform>
        </translation>
    </message>
    <message>
        <source>Resize to %1 × %2</source>
        <translation>Auf %1 × %2 bringen</translation>
    </message>
    <message>
        <source>Take the pictures as %1</source>
        <translation>Die Bilder als %1 nehmen</translation>
    </message>
</context>
<context>
    <name>Diagnostics</name>
    <message>
        <source>The HEF needs the extension {type} ({name}), which HailoRT has since {since}.</source>
        <translation>Das HEF braucht die Erweiterung {type} ({name}), die HailoRT seit {since} kennt.</translation>
    </message>
    <message>
        <source>Use HailoRT {since} or newer.</source>
        <translation>HailoRT {since} oder neuer verwenden.</translation>
    </message>
    <message>
        <source>The HEF shares configuration words among contexts (extension 32), for which HailoRT 4.x wants header version 3.</source>
        <translation>Das HEF teilt Konfigurationswörter zwischen Kontexten (Erweiterung 32); dafür verlangt HailoRT 4.x die Kopfversion 3.</translation>
    </message>
    <message>
        <source>Use HailoRT 5.0 or newer, or compile the network again.</source>
        <translation>HailoRT 5.0 oder neuer verwenden oder das Netz neu übersetzen.</translation>
    </message>
    <message>
        <source>A stream has no scales per feature although the HEF says so (extension 25).</source>
        <translation>Ein Datenstrom hat keine Skalierung je Merkmal, obwohl das HEF sie ankündigt (Erweiterung 25).</translation>
    </message>
    <message>
        <source>HailoRT 4.x refuses the file: use 5.0 or newer, or compile the network again.</source>
        <translation>HailoRT 4.x weist die Datei ab: 5.0 oder neuer verwenden oder das Netz neu übersetzen.</translation>
    </message>
    <message>
        <source>The archive names no node of {model}.</source>
        <translation>Das Archiv nennt keinen Knoten von {model}.</translation>
    </message>
    <message>
        <source>Give the ONNX model that the archive was made from.</source>
        <translation>Das ONNX-Modell angeben, aus dem das Archiv entstand.</translation>
    </message>
    <message>
        <source>The inputs of the archive and of the model do not fit: {what}.</source>
        <translation>Die Eingänge von Archiv und Modell passen nicht zusammen: {what}.</translation>
    </message>
    <message>
        <source>Give the ONNX model that the archive was made from, and its input as the model takes it.</source>
        <translation>Das ONNX-Modell angeben, aus dem das Archiv entstand, und dessen Eingabe, wie das Modell sie erwartet.</translation>
    </message>
    <message>
        <source>{option} is for HEF files; this is a model archive.</source>
        <translation>{option} gilt für HEF-Dateien; dies ist ein Modellarchiv.</translation>
    </message>
    <message>
        <source>Leave it out, or take the HEF out of the archive with hefc har extract.</source>
        <translation>Die Option weglassen oder das HEF mit hefc har extract aus dem Archiv holen.</translation>
    </message>
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
        <translation>Das Programm machte selbst einen Fehler: {what}.</translation>
    </message>
    <message>
        <source>Please report this with the log; your files are unchanged.</source>
        <translation>Bitte melden Sie das mit dem Protokoll; Ihre Dateien sind unverändert.</translation>
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
        <translation>Das ist ein Ordner, gebraucht wird eine Datei.</translation>
    </message>
    <message>
        <source>Name a file inside it.</source>
        <translation>Nennen Sie eine Datei darin.</translation>
    </message>
    <message>
        <source>The file cannot be read: {reason}.</source>
        <translation>Die Datei lässt sich nicht lesen: {reason}.</translation>
    </message>
    <message>
        <source>Check its permissions and the disk.</source>
        <translation>Prüfen Sie ihre Rechte und den Datenträger.</translation>
    </message>
    <message>
        <source>The file is empty.</source>
        <translation>Die Datei ist leer.</translation>
    </message>
    <message>
        <source>Copy or export it again; the last attempt may have been cut short.</source>
        <translation>Kopieren oder exportieren Sie sie noch einmal; der letzte Versuch brach vielleicht ab.</translation>
    </message>
    <message>
        <source>The file has {bytes} bytes, more than the {limit} this reader takes.</source>
        <translation>Die Datei hat {bytes} Bytes, mehr als die {limit}, die dieser Leser nimmt.</translation>
    </message>
    <message>
        <source>Check that it is the file you meant.</source>
        <translation>Prüfen Sie, ob es die gemeinte Datei ist.</translation>
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
        <translation>Das ist keine lesbare NumPy-Datei: {reason}.</translation>
    </message>
    <message>
        <source>Save the array again with numpy.save.</source>
        <translation>Speichern Sie das Feld noch einmal mit numpy.save.</translation>
    </message>
    <message>
        <source>The NumPy array has element type {type}, which is not supported.</source>
        <translation>Das NumPy-Feld hat den Elementtyp {type}, der nicht unterstützt wird.</translation>
    </message>
    <message>
        <source>Convert it with astype to uint8, float32 or another plain number.</source>
        <translation>Wandeln Sie es mit astype in uint8, float32 oder eine andere einfache Zahl.</translation>
    </message>
    <message>
        <source>This is not a readable NumPy archive: {reason}.</source>
        <translation>Das ist kein lesbares NumPy-Archiv: {reason}.</translation>
    </message>
    <message>
        <source>Save it again with numpy.savez.</source>
        <translation>Speichern Sie es noch einmal mit numpy.savez.</translation>
    </message>
    <message>
        <source>The text is not valid JSON: {reason}.</source>
        <translation>Der Text ist kein gültiges JSON: {reason}.</translation>
    </message>
    <message>
        <source>Correct the text at the place named.</source>
        <translation>Berichtigen Sie den Text an der genannten Stelle.</translation>
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
        <translation>Das Gerätemodell ist nicht brauchbar: {reason}.</translation>
    </message>
    <message>
        <source>Correct the file; resources/schemas/device.schema.json describes it.</source>
        <translation>Berichtigen Sie die Datei; resources/schemas/device.schema.json beschreibt sie.</translation>
    </message>
    <message>
        <source>There is no chip or board named {name}.</source>
        <translation>Es gibt keinen Chip und keine Karte namens {name}.</translation>
    </message>
    <message>
        <source>Use one of {known}, or a board that carries one.</source>
        <translation>Nehmen Sie einen von {known}, oder eine Karte, die einen trägt.</translation>
    </message>
    <message>
        <source>{name} is served by the vendor&apos;s compiler only; the built-in one knows {known}.</source>
        <translation>{name} bedient nur der Compiler des Herstellers; der eingebaute kennt {known}.</translation>
    </message>
    <message>
        <source>Choose the vendor back end, or one of the chips named.</source>
        <translation>Wählen Sie den Compiler des Herstellers oder einen der genannten Chips.</translation>
    </message>
    <message>
        <source>A layer of kind {kind} computes with values that are not float32, which the float engine does not run.</source>
        <translation>Eine Schicht der Art {kind} rechnet mit Werten, die nicht float32 sind; das führt die Float-Ausführung nicht aus.</translation>
    </message>
    <message>
        <source>Cut the network before this layer, or fold the integer arithmetic into constants when exporting.</source>
        <translation>Schneiden Sie das Netz vor dieser Schicht, oder falten Sie die Ganzzahlrechnung beim Export in Konstanten.</translation>
    </message>
    <message>
        <source>This is not a file of statistics, or a damaged one ({reason}).</source>
        <translation>Das ist keine Statistikdatei oder eine beschädigte ({reason}).</translation>
    </message>
    <message>
        <source>Make it again with hefc calib stats.</source>
        <translation>Erzeugen Sie sie neu mit hefc calib stats.</translation>
    </message>
    <message>
        <source>These statistics do not belong with {other}: {what} differs.</source>
        <translation>Diese Statistik gehört nicht zu {other}: {what} ist verschieden.</translation>
    </message>
    <message>
        <source>Run hefc calib stats with the same model, set and options for each shard.</source>
        <translation>Rufen Sie hefc calib stats für jeden Teil mit demselben Modell, Satz und denselben Optionen auf.</translation>
    </message>
    <message>
        <source>Another of the files has seen {sample} already.</source>
        <translation>Eine andere der Dateien hat {sample} schon gesehen.</translation>
    </message>
    <message>
        <source>Give each shard once.</source>
        <translation>Geben Sie jeden Teil nur einmal an.</translation>
    </message>
    <message>
        <source>With {sample} this layer gives values that are no numbers (NaN).</source>
        <translation>Bei {sample} liefert diese Schicht Werte, die keine Zahlen sind (NaN).</translation>
    </message>
    <message>
        <source>Look at that sample and at the layer&apos;s weights: a division by zero or a root of a negative number is likely.</source>
        <translation>Sehen Sie sich dieses Bild und die Gewichte der Schicht an: wahrscheinlich eine Division durch null oder die Wurzel einer negativen Zahl.</translation>
    </message>
    <message>
        <source>The network wants {wanted} but was given {found}.</source>
        <translation>Das Netz will {wanted}, bekam aber {found}.</translation>
    </message>
    <message>
        <source>Give one float32 array per input, in exactly the stated shape.</source>
        <translation>Geben Sie je Eingang ein float32-Feld in genau der genannten Form.</translation>
    </message>
    <message>
        <source>The graph breaks a rule at {where}: {reason}.</source>
        <translation>Der Graph verletzt bei {where} eine Regel: {reason}.</translation>
    </message>
    <message>
        <source>Please report this with the model; a rewrite has gone wrong.</source>
        <translation>Bitte melden Sie das mit dem Modell; eine Umformung ging fehl.</translation>
    </message>
    <message>
        <source>The HEF has no blob called &apos;{name}&apos;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The layer {layer} needs {bytes} bytes of on-chip memory at once; {device} has {available}.</source>
        <translation>Die Schicht {layer} braucht {bytes} Bytes Chipspeicher auf einmal; {device} hat {available}.</translation>
    </message>
    <message>
        <source>Make the layer smaller, split it in the model, or end the conversion before it.</source>
        <translation>Verkleinern Sie die Schicht, teilen Sie sie im Modell, oder beenden Sie die Konvertierung vor ihr.</translation>
    </message>
    <message>
        <source>The network cannot be mapped to exactly {wanted} contexts on {device}.</source>
        <translation>Das Netz lässt sich auf {device} nicht auf genau {wanted} Kontexte verteilen.</translation>
    </message>
    <message>
        <source>Ask for {fewest} to {most}, or leave the number to the search.</source>
        <translation>Verlangen Sie {fewest} bis {most}, oder überlassen Sie die Zahl der Suche.</translation>
    </message>
    <message>
        <source>The network has no layer to run on the chip.</source>
        <translation>Das Netz hat keine Schicht, die auf dem Chip laufen könnte.</translation>
    </message>
    <message>
        <source>Choose end nodes behind at least one layer.</source>
        <translation>Wählen Sie Endknoten hinter mindestens einer Schicht.</translation>
    </message>
    <message>
        <source>This is a text file, not an ONNX model.</source>
        <translation>Das ist eine Textdatei, kein ONNX-Modell.</translation>
    </message>
    <message>
        <source>Name the exported .onnx file itself; a download may have saved a web page in its place.</source>
        <translation>Nennen Sie die exportierte .onnx-Datei selbst; beim Herunterladen wurde vielleicht eine Webseite an ihrer Stelle gespeichert.</translation>
    </message>
    <message>
        <source>This is a Git LFS pointer, not the model it stands for.</source>
        <translation>Das ist ein Verweis von Git LFS, nicht das Modell, für das er steht.</translation>
    </message>
    <message>
        <source>Run &quot;git lfs pull&quot; in the repository it came from, or download the file itself.</source>
        <translation>Rufen Sie „git lfs pull“ im Repository auf, aus dem er stammt, oder laden Sie die Datei selbst herunter.</translation>
    </message>
    <message>
        <source>This is {format}, not an ONNX model.</source>
        <translation>Das ist {format}, kein ONNX-Modell.</translation>
    </message>
    <message>
        <source>Export the network as ONNX from the program it was trained with.</source>
        <translation>Exportieren Sie das Netz als ONNX aus dem Programm, mit dem es trainiert wurde.</translation>
    </message>
    <message>
        <source>The ONNX file ends after {bytes} bytes, in the middle of what began at byte {field}.</source>
        <translation>Die ONNX-Datei endet nach {bytes} Bytes, mitten in dem, was bei Byte {field} begann.</translation>
    </message>
    <message>
        <source>Copy or download it again; the last attempt was cut short.</source>
        <translation>Kopieren oder laden Sie sie noch einmal; der letzte Versuch brach ab.</translation>
    </message>
    <message>
        <source>The ONNX file is damaged.</source>
        <translation>Die ONNX-Datei ist beschädigt.</translation>
    </message>
    <message>
        <source>Copy, download or export it again.</source>
        <translation>Kopieren, laden oder exportieren Sie sie noch einmal.</translation>
    </message>
    <message>
        <source>The reader says: {text}.</source>
        <translation>Der Leser sagt: {text}.</translation>
    </message>
    <message>
        <source>The file holds no network.</source>
        <translation>Die Datei enthält kein Netz.</translation>
    </message>
    <message>
        <source>Export the model again; this may be a part of one, or cut short right after its header.</source>
        <translation>Exportieren Sie das Modell noch einmal; dies ist vielleicht ein Teil davon oder brach gleich nach dem Kopf ab.</translation>
    </message>
    <message>
        <source>There is not enough memory for this model.</source>
        <translation>Der Speicher reicht für dieses Modell nicht.</translation>
    </message>
    <message>
        <source>Close other programs or use a machine with more memory.</source>
        <translation>Schließen Sie andere Programme, oder nehmen Sie einen Rechner mit mehr Speicher.</translation>
    </message>
    <message>
        <source>The constant {name} is damaged: {reason}.</source>
        <translation>Die Konstante {name} ist beschädigt: {reason}.</translation>
    </message>
    <message>
        <source>Copy or export the model again.</source>
        <translation>Kopieren oder exportieren Sie das Modell noch einmal.</translation>
    </message>
    <message>
        <source>The constant {name} would unfold to {bytes} bytes.</source>
        <translation>Die Konstante {name} würde sich auf {bytes} Bytes entfalten.</translation>
    </message>
    <message>
        <source>This is far more than the file holds; export the model again from a source you trust.</source>
        <translation>Das ist weit mehr, als die Datei enthält; exportieren Sie das Modell neu aus einer Quelle, der Sie trauen.</translation>
    </message>
    <message>
        <source>The constant {name} asks for data in {location}, outside the folder of the model.</source>
        <translation>Die Konstante {name} verlangt Daten aus {location}, außerhalb des Ordners des Modells.</translation>
    </message>
    <message>
        <source>Put the data file beside the model and export again with a plain file name; such a path is never followed.</source>
        <translation>Legen Sie die Datendatei neben das Modell und exportieren Sie mit einfachem Dateinamen; einem solchen Pfad wird nie gefolgt.</translation>
    </message>
    <message>
        <source>The data file {location} for the constant {name} is not there.</source>
        <translation>Die Datendatei {location} zur Konstante {name} fehlt.</translation>
    </message>
    <message>
        <source>Copy it beside the model; models with external data are two files.</source>
        <translation>Kopieren Sie sie neben das Modell; Modelle mit ausgelagerten Daten bestehen aus zwei Dateien.</translation>
    </message>
    <message>
        <source>The constant {name} lies outside its data file {location}, which has {bytes} bytes.</source>
        <translation>Die Konstante {name} liegt außerhalb ihrer Datendatei {location}, die {bytes} Bytes hat.</translation>
    </message>
    <message>
        <source>Copy both files again, from the same export.</source>
        <translation>Kopieren Sie beide Dateien noch einmal, aus demselben Export.</translation>
    </message>
    <message>
        <source>The operator {operator} is not supported.</source>
        <translation>Der Operator {operator} wird nicht unterstützt.</translation>
    </message>
    <message>
        <source>Cut the model before this node and do the rest on the host, export it without the operator, or wait for support.</source>
        <translation>Schneiden Sie das Modell vor diesem Knoten und rechnen Sie den Rest auf dem Rechner, exportieren Sie ohne den Operator, oder warten Sie auf Unterstützung.</translation>
    </message>
    <message>
        <source>The operator {operator} is supported, but not with {form}.</source>
        <translation>Der Operator {operator} wird unterstützt, aber nicht mit {form}.</translation>
    </message>
    <message>
        <source>Cut the model before this node and do the rest on the host, or change the export.</source>
        <translation>Schneiden Sie das Modell vor diesem Knoten und rechnen Sie den Rest auf dem Rechner, oder ändern Sie den Export.</translation>
    </message>
    <message>
        <source>The value {name} has type {type}, which is not computed with here.</source>
        <translation>Der Wert {name} hat den Typ {type}, mit dem hier nicht gerechnet wird.</translation>
    </message>
    <message>
        <source>Export the model with float32 values; quantisation is done by this program.</source>
        <translation>Exportieren Sie das Modell mit float32-Werten; quantisiert wird in diesem Programm.</translation>
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
        <translation>Exportieren Sie es mit Operatorsatz 11 bis 17, oder bringen Sie es mit dem Versionswandler von ONNX auf den Stand.</translation>
    </message>
    <message>
        <source>The input {input} has the open shape {stated}, but a chip needs fixed sizes.</source>
        <translation>Der Eingang {input} hat die offene Form {stated}; ein Chip braucht feste Größen.</translation>
    </message>
    <message>
        <source>State the sizes, for example {input}={proposal}.</source>
        <translation>Geben Sie die Größen an, zum Beispiel {input}={proposal}.</translation>
    </message>
    <message>
        <source>The shape {given} does not suit the input {input}, which is {stated}.</source>
        <translation>Die Form {given} passt nicht zum Eingang {input}, der {stated} ist.</translation>
    </message>
    <message>
        <source>Give as many dimensions as the model states, each 1 or more.</source>
        <translation>Geben Sie so viele Dimensionen wie das Modell, jede mindestens 1.</translation>
    </message>
    <message>
        <source>The model has no input named {input}.</source>
        <translation>Das Modell hat keinen Eingang namens {input}.</translation>
    </message>
    <message>
        <source>Its inputs are: {known}.</source>
        <translation>Seine Eingänge sind: {known}.</translation>
    </message>
    <message>
        <source>The model has no node named {node}.</source>
        <translation>Das Modell hat keinen Knoten namens {node}.</translation>
    </message>
    <message>
        <source>Look the name up in the graph; names are compared exactly.</source>
        <translation>Sehen Sie den Namen im Graphen nach; Namen werden genau verglichen.</translation>
    </message>
    <message>
        <source>The node reads {name}, which nothing in the model makes.</source>
        <translation>Der Knoten liest {name}, das nichts im Modell erzeugt.</translation>
    </message>
    <message>
        <source>Export the model again; an edit has removed a part of it.</source>
        <translation>Exportieren Sie das Modell noch einmal; eine Bearbeitung hat einen Teil entfernt.</translation>
    </message>
    <message>
        <source>The model names {name} as output, which nothing in it makes.</source>
        <translation>Das Modell nennt {name} als Ausgang, das nichts in ihm erzeugt.</translation>
    </message>
    <message>
        <source>The name {name} stands for two things.</source>
        <translation>Der Name {name} steht für zweierlei.</translation>
    </message>
    <message>
        <source>Export the model again; names of values must be unique.</source>
        <translation>Exportieren Sie das Modell noch einmal; Namen von Werten müssen eindeutig sein.</translation>
    </message>
    <message>
        <source>The node needs its own result.</source>
        <translation>Der Knoten braucht sein eigenes Ergebnis.</translation>
    </message>
    <message>
        <source>Export the model again; a network must not go in circles.</source>
        <translation>Exportieren Sie das Modell noch einmal; ein Netz darf nicht im Kreis laufen.</translation>
    </message>
    <message>
        <source>The model has no input.</source>
        <translation>Das Modell hat keinen Eingang.</translation>
    </message>
    <message>
        <source>Export it with its input; all of this one is constant.</source>
        <translation>Exportieren Sie es mit seinem Eingang; hier ist alles konstant.</translation>
    </message>
    <message>
        <source>The model has no output.</source>
        <translation>Das Modell hat keinen Ausgang.</translation>
    </message>
    <message>
        <source>Export it again and name its outputs.</source>
        <translation>Exportieren Sie es noch einmal und nennen Sie seine Ausgänge.</translation>
    </message>
    <message>
        <source>The attribute {attribute} of {operator} has the wrong type.</source>
        <translation>Das Attribut {attribute} von {operator} hat den falschen Typ.</translation>
    </message>
    <message>
        <source>Export the model again.</source>
        <translation>Exportieren Sie das Modell noch einmal.</translation>
    </message>
    <message>
        <source>The {operator} lacks its input number {slot}.</source>
        <translation>Dem {operator} fehlt sein Eingang Nummer {slot}.</translation>
    </message>
    <message>
        <source>The {operator} cannot be worked out: {reason}.</source>
        <translation>Das {operator} lässt sich nicht ausrechnen: {reason}.</translation>
    </message>
    <message>
        <source>Check the model at this place and export it again.</source>
        <translation>Prüfen Sie das Modell an dieser Stelle und exportieren Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The model computes a constant of {elements} elements.</source>
        <translation>Das Modell berechnet eine Konstante von {elements} Elementen.</translation>
    </message>
    <message>
        <source>This is more than any network needs; export the model again from a source you trust.</source>
        <translation>Das ist mehr, als ein Netz braucht; exportieren Sie das Modell neu aus einer Quelle, der Sie trauen.</translation>
    </message>
    <message>
        <source>A {kind} with {form} cannot be written as ONNX.</source>
        <translation>Eine Schicht der Art {kind} mit {form} lässt sich nicht als ONNX schreiben.</translation>
    </message>
    <message>
        <source>Please report this with the model.</source>
        <translation>Bitte melden Sie das mit dem Modell.</translation>
    </message>
    <message>
        <source>The integer layer of kind {kind} does not hold together: {what}.</source>
        <translation>Die Ganzzahl-Schicht der Art {kind} ist nicht schlüssig: {what}.</translation>
    </message>
    <message>
        <source>The file is damaged or was not written by this program; convert the model again.</source>
        <translation>Die Datei ist beschädigt oder nicht von diesem Programm; konvertieren Sie das Modell neu.</translation>
    </message>
    <message>
        <source>The input {name} should be {wanted}, but it is {found}.</source>
        <translation>Der Eingang {name} sollte {wanted} sein, ist aber {found}.</translation>
    </message>
    <message>
        <source>Give the picture in the size and type that the network takes.</source>
        <translation>Geben Sie das Bild in der Größe und Art, die das Netz nimmt.</translation>
    </message>
    <message>
        <source>A {kind} cannot work on operands of shape {shapes}: the rule is that {rule}.</source>
        <translation>Eine Schicht der Art {kind} kann mit Operanden der Form {shapes} nicht rechnen; die Regel: {rule}.</translation>
    </message>
    <message>
        <source>Check the model at this place; the exporter or an edit made shapes that do not fit, or an input shape given does not suit the model.</source>
        <translation>Prüfen Sie das Modell an dieser Stelle; der Export oder eine Bearbeitung machte Formen, die nicht passen, oder eine angegebene Eingangsform passt nicht zum Modell.</translation>
    </message>
    <message>
        <source>A {kind} of operands of shape {shapes} would be too large to compute.</source>
        <translation>Eine Schicht der Art {kind} wäre mit Operanden der Form {shapes} zu groß zum Rechnen.</translation>
    </message>
    <message>
        <source>Check the model at this place, or give a smaller input shape.</source>
        <translation>Prüfen Sie das Modell an dieser Stelle, oder geben Sie eine kleinere Eingangsform.</translation>
    </message>
    <message>
        <source>A {kind} has {count} operands instead of {least} to {most}.</source>
        <translation>Eine Schicht der Art {kind} hat {count} Operanden statt {least} bis {most}.</translation>
    </message>
    <message>
        <source>Check the model at this place; export it again if it was edited.</source>
        <translation>Prüfen Sie das Modell an dieser Stelle; exportieren Sie es neu, falls es bearbeitet wurde.</translation>
    </message>
    <message>
        <source>The network has no node, layer or tensor named {name}.</source>
        <translation>Das Netz hat keinen Knoten, keine Schicht und keinen Tensor namens {name}.</translation>
    </message>
    <message>
        <source>Names that look like it: {similar}.</source>
        <translation>Ähnliche Namen: {similar}.</translation>
    </message>
    <message>
        <source>The network cannot be cut at {tensor}: it is a constant or an input, nothing computes it.</source>
        <translation>Das Netz lässt sich bei {tensor} nicht schneiden: es ist eine Konstante oder ein Eingang, nichts berechnet es.</translation>
    </message>
    <message>
        <source>Name a node that computes something.</source>
        <translation>Nennen Sie einen Knoten, der etwas berechnet.</translation>
    </message>
    <message>
        <source>The part to convert also needs the input {tensor}, which the start nodes leave out.</source>
        <translation>Der zu konvertierende Teil braucht auch den Eingang {tensor}, den die Startknoten auslassen.</translation>
    </message>
    <message>
        <source>Add a start node for it or start at the network&apos;s inputs.</source>
        <translation>Fügen Sie einen Startknoten dafür hinzu, oder beginnen Sie an den Eingängen des Netzes.</translation>
    </message>
    <message>
        <source>The network has no input named {input}.</source>
        <translation>Das Netz hat keinen Eingang namens {input}.</translation>
    </message>
    <message>
        <source>Use one of the input names that the check of the model lists.</source>
        <translation>Nehmen Sie einen der Namen, die die Prüfung des Modells aufführt.</translation>
    </message>
    <message>
        <source>The normalisation ({means} means, {deviations} deviations) does not fit the input {input} of shape {shape}.</source>
        <translation>Die Normierung ({means} Mittelwerte, {deviations} Abweichungen) passt nicht zum Eingang {input} der Form {shape}.</translation>
    </message>
    <message>
        <source>Give one number for all channels or one for each channel, with deviations above zero.</source>
        <translation>Geben Sie eine Zahl für alle Kanäle oder eine je Kanal, mit Abweichungen über null.</translation>
    </message>
    <message>
        <source>The rewrite {pass} changed the result of {output}: the difference is {difference} where values reach {magnitude}.</source>
        <translation>Die Umformung {pass} änderte das Ergebnis {output}: der Unterschied ist {difference}, wo Werte {magnitude} erreichen.</translation>
    </message>
    <message>
        <source>This is a mistake of the program; please report it with the model.</source>
        <translation>Das ist ein Fehler des Programms; bitte melden Sie ihn mit dem Modell.</translation>
    </message>
    <message>
        <source>The layer of kind {kind} cannot be computed in integers: {why}.</source>
        <translation>Die Schicht der Art {kind} lässt sich nicht in Ganzzahlen rechnen: {why}.</translation>
    </message>
    <message>
        <source>Cut the network before it and compute the rest on the host.</source>
        <translation>Schneiden Sie das Netz davor und rechnen Sie den Rest auf dem Rechner.</translation>
    </message>
    <message>
        <source>Calibration has no values for {tensor}.</source>
        <translation>Die Kalibrierung hat keine Werte für {tensor}.</translation>
    </message>
    <message>
        <source>Calibrate with at least one picture.</source>
        <translation>Kalibrieren Sie mit mindestens einem Bild.</translation>
    </message>
    <message>
        <source>Calibration found {count} values of {tensor} that are not finite numbers.</source>
        <translation>Die Kalibrierung fand {count} Werte von {tensor}, die keine endlichen Zahlen sind.</translation>
    </message>
    <message>
        <source>Check the input range and normalisation; such values cannot be represented in integers.</source>
        <translation>Prüfen Sie Wertebereich und Normierung des Eingangs; solche Werte lassen sich nicht als Ganzzahlen darstellen.</translation>
    </message>
    <message>
        <source>The recipe is not valid: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correct the key named; resources/schemas/recipe.schema.json lists what is allowed.</source>
        <translation>Den genannten Schlüssel berichtigen; resources/schemas/recipe.schema.json nennt, was erlaubt ist.</translation>
    </message>
    <message>
        <source>The recipe is of a format version this program does not know.</source>
        <translation>Das Rezept hat eine Formatversion, die dieses Programm nicht kennt.</translation>
    </message>
    <message>
        <source>Open it with a newer HEF Studio.</source>
        <translation>Mit einem neueren HEF Studio öffnen.</translation>
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
        <translation>Das Kernprogramm ist nicht wohlgeformt: {what}.</translation>
    </message>
    <message>
        <source>The kernel program asks for more memory than any device has (a tensor of {shape}).</source>
        <translation>Das Kernprogramm verlangt mehr Speicher, als ein Gerät hat (ein Tensor von {shape}).</translation>
    </message>
    <message>
        <source>The kernel program has version {found}; this program knows version {known}.</source>
        <translation>Das Kernprogramm hat die Version {found}; dieses Programm kennt Version {known}.</translation>
    </message>
    <message>
        <source>Open it with the version that wrote it, or convert the model again.</source>
        <translation>Öffnen Sie es mit der Version, die es schrieb, oder konvertieren Sie das Modell neu.</translation>
    </message>
    <message>
        <source>The kernel program was changed after it was written: the digest of its {section} does not match.</source>
        <translation>Das Kernprogramm wurde nach dem Schreiben geändert: die Prüfsumme von {section} stimmt nicht.</translation>
    </message>
    <message>
        <source>Copy the file again, or convert the model again.</source>
        <translation>Kopieren Sie die Datei noch einmal, oder konvertieren Sie das Modell neu.</translation>
    </message>
    <message>
        <source>The description of the detector&apos;s outputs is not sound: {what}.</source>
        <translation>Die Beschreibung der Detektor-Ausgänge ist nicht schlüssig: {what}.</translation>
    </message>
    <message>
        <source>Convert the model again, or run with the host remainder instead.</source>
        <translation>Konvertieren Sie das Modell neu, oder rechnen Sie stattdessen mit dem Rest auf dem Rechner.</translation>
    </message>
    <message>
        <source>The outputs do not fit the description of the detector: {found} where {wanted} is described.</source>
        <translation>Die Ausgänge passen nicht zur Beschreibung des Detektors: {found}, beschrieben ist {wanted}.</translation>
    </message>
    <message>
        <source>Give the outputs of the file that the description came with.</source>
        <translation>Geben Sie die Ausgänge der Datei, aus der die Beschreibung stammt.</translation>
    </message>
    <message>
        <source>The metadata does not describe decodable outputs: {what}.</source>
        <translation>Die Metadaten beschreiben keine Ausgänge, die sich dekodieren lassen: {what}.</translation>
    </message>
    <message>
        <source>Convert the model again, or remove the metadata to use the host remainder.</source>
        <translation>Konvertieren Sie das Modell neu, oder entfernen Sie die Metadaten, um den Rest auf dem Rechner zu nutzen.</translation>
    </message>
    <message>
        <source>The label file cannot be used: {what}.</source>
        <translation>Die Datei der Markierungen ist nicht brauchbar: {what}.</translation>
    </message>
    <message>
        <source>Give COCO&apos;s JSON, or a folder of YOLO text files named like the pictures.</source>
        <translation>Geben Sie das JSON von COCO oder einen Ordner mit YOLO-Textdateien, die wie die Bilder heißen.</translation>
    </message>
    <message>
        <source>The layer {layer} finds no {unit} left in its context on {device}.</source>
        <translation>Für die Schicht {layer} ist in ihrem Kontext auf {device} keine Einheit „{unit}“ mehr frei.</translation>
    </message>
    <message>
        <source>Use a smaller input or fewer channels, keep the layer at 8 bits, allow more contexts, or end the conversion before it.</source>
        <translation>Nehmen Sie einen kleineren Eingang oder weniger Kanäle, lassen Sie die Schicht bei 8 Bit, erlauben Sie mehr Kontexte, oder beenden Sie die Konvertierung vor ihr.</translation>
    </message>
    <message>
        <source>How much {operator} makes depends on computed values ({what}), but a chip needs sizes that are known beforehand.</source>
        <translation>Wie viel {operator} liefert, hängt von berechneten Werten ab ({what}); ein Chip braucht Größen, die vorher feststehen.</translation>
    </message>
    <message>
        <source>Cut the model before this node and do the rest on the host, or export it with fixed sizes.</source>
        <translation>Schneiden Sie das Modell vor diesem Knoten und rechnen Sie den Rest auf dem Rechner, oder exportieren Sie mit festen Größen.</translation>
    </message>
    <message>
        <source>Export the model again; nothing a trained network needs is nested like this.</source>
        <translation>Exportieren Sie das Modell noch einmal; nichts, was ein trainiertes Netz braucht, ist so verschachtelt.</translation>
    </message>
    <message>
        <source>The functions the model defines unfold to too many nodes.</source>
        <translation>Die Funktionen, die das Modell definiert, entfalten sich zu zu vielen Knoten.</translation>
    </message>
    <message>
        <source>Export the model again from a source you trust.</source>
        <translation>Exportieren Sie das Modell neu aus einer Quelle, der Sie trauen.</translation>
    </message>
    <message>
        <source>Look at the training that gave them, and export the model again; no chip computes with such weights.</source>
        <translation>Sehen Sie nach dem Training, aus dem sie stammen, und exportieren Sie neu; mit solchen Gewichten rechnet kein Chip.</translation>
    </message>
    <message>
        <source>Neither the file nor an option says which values input &apos;{input}&apos; expects.</source>
        <translation>Weder die Datei noch eine Option sagt, welche Werte der Eingang „{input}“ erwartet.</translation>
    </message>
    <message>
        <source>State the normalisation as MEAN/STD on the 0 to 255 scale of raw pictures, for instance --normalize 0/255.</source>
        <translation>Geben Sie die Normierung als MITTEL/ABWEICHUNG auf der Skala roher Bilder von 0 bis 255 an, zum Beispiel --normalize 0/255.</translation>
    </message>
    <message>
        <source>Input &apos;{input}&apos; is {shape}, which is not one picture; a folder of pictures cannot calibrate it.</source>
        <translation>Der Eingang „{input}“ ist {shape}, also kein einzelnes Bild; ein Bilderordner kann ihn nicht kalibrieren.</translation>
    </message>
    <message>
        <source>Give the samples as an .npy or .npz with --calib.</source>
        <translation>Geben Sie die Proben als .npy oder .npz mit --calib.</translation>
    </message>
    <message>
        <source>The normalisation has {found} values, but the network has {wanted} channels.</source>
        <translation>Die Normierung hat {found} Werte, das Netz aber {wanted} Kanäle.</translation>
    </message>
    <message>
        <source>Give one value for all channels or one per channel.</source>
        <translation>Geben Sie einen Wert für alle Kanäle oder einen je Kanal.</translation>
    </message>
    <message>
        <source>There is nothing to calibrate with.</source>
        <translation>Zum Kalibrieren ist nichts da.</translation>
    </message>
    <message>
        <source>Give a folder of pictures with --calib; 64 like those the network will see are a good start.</source>
        <translation>Geben Sie mit --calib einen Bilderordner; 64 Bilder wie jene, die das Netz sehen wird, sind ein guter Anfang.</translation>
    </message>
    <message>
        <source>The recipe&apos;s `layers` names a layer that the prepared network does not have.</source>
        <translation>`layers` im Rezept nennt eine Schicht, die das vorbereitete Netz nicht hat.</translation>
    </message>
    <message>
        <source>Take the names from layer_table in the file that --report writes.</source>
        <translation>Nehmen Sie die Namen aus layer_table in der Datei, die --report schreibt.</translation>
    </message>
    <message>
        <source>The finished file was not written because its fence has a gap.</source>
        <translation>Die fertige Datei wurde nicht geschrieben, weil ihre Sperre eine Lücke hat.</translation>
    </message>
    <message>
        <source>The HEF&apos;s record of its making is damaged.</source>
        <translation>Die Aufzeichnung im HEF über seine Entstehung ist beschädigt.</translation>
    </message>
    <message>
        <source>Convert the model again.</source>
        <translation>Konvertieren Sie das Modell neu.</translation>
    </message>
    <message>
        <source>This HEF holds a program for the chip, not for the emulator, so it cannot run here.</source>
        <translation>Dieses HEF enthält ein Programm für den Chip, nicht für den Emulator; es kann hier nicht laufen.</translation>
    </message>
    <message>
        <source>Run it on the device with HailoRT and compare the recorded outputs.</source>
        <translation>Führen Sie es mit HailoRT auf dem Gerät aus und vergleichen Sie die aufgezeichneten Ausgaben.</translation>
    </message>
    <message>
        <source>Input &apos;{input}&apos; takes {wanted}, but {found} was given.</source>
        <translation>Der Eingang „{input}“ nimmt {wanted}, gegeben wurde {found}.</translation>
    </message>
    <message>
        <source>Give an array of that shape and type, or a picture.</source>
        <translation>Geben Sie ein Feld dieser Form und Art, oder ein Bild.</translation>
    </message>
    <message>
        <source>A picture cannot be fed to this file: it does not say how pictures become its input.</source>
        <translation>Ein Bild lässt sich dieser Datei nicht geben: sie sagt nicht, wie aus Bildern ihr Eingang wird.</translation>
    </message>
    <message>
        <source>Give the input as an .npy array.</source>
        <translation>Geben Sie den Eingang als .npy-Feld.</translation>
    </message>
    <message>
        <source>This HEF has no host part: the chip computes every output.</source>
        <translation>Dieses HEF hat keinen Rest für den Rechner: der Chip berechnet jeden Ausgang.</translation>
    </message>
    <message>
        <source>Leave --with-host out.</source>
        <translation>Lassen Sie --with-host weg.</translation>
    </message>
    <message>
        <source>The network has {wanted} inputs, but {found} were given.</source>
        <translation>Das Netz hat {wanted} Eingänge, gegeben wurden {found}.</translation>
    </message>
    <message>
        <source>Give --input once for each, in the network&apos;s order.</source>
        <translation>Geben Sie --input für jeden einmal, in der Reihenfolge des Netzes.</translation>
    </message>
    <message>
        <source>Nothing is left for the chip: already {node} breaks a limit ({why}).</source>
        <translation>Für den Chip bleibt nichts: schon {node} verletzt eine Grenze ({why}).</translation>
    </message>
    <message>
        <source>Start behind it with --start-nodes, or export the network without it.</source>
        <translation>Beginnen Sie mit --start-nodes dahinter, oder exportieren Sie das Netz ohne ihn.</translation>
    </message>
    <message>
        <source>Input &apos;{input}&apos; takes {batch} samples at once; a HEF computes one at a time.</source>
        <translation>Der Eingang „{input}“ nimmt {batch} Proben auf einmal; ein HEF rechnet eine nach der anderen.</translation>
    </message>
    <message>
        <source>Set its shape to one sample: --input-shape {input}={proposal}.</source>
        <translation>Setzen Sie seine Form auf eine Probe: --input-shape {input}={proposal}.</translation>
    </message>
    <message>
        <source>What {source} says about the model could not be read.</source>
        <translation>Was {source} über das Modell sagt, ließ sich nicht lesen.</translation>
    </message>
    <message>
        <source>Repair or remove it; its facts are taken from other sources or asked for.</source>
        <translation>Reparieren oder entfernen Sie es; die Angaben kommen aus anderen Quellen oder werden erfragt.</translation>
    </message>
    <message>
        <source>The host part of this HEF holds operators that are not computed here.</source>
        <translation>Der Rest für den Rechner in diesem HEF enthält Operatoren, die hier nicht gerechnet werden.</translation>
    </message>
    <message>
        <source>Run it in an ONNX runtime: hefc prepare --split writes it as a file of its own.</source>
        <translation>Führen Sie ihn in einer ONNX-Laufzeit aus: hefc prepare --split schreibt ihn als eigene Datei.</translation>
    </message>
    <message>
        <source>The vendor&apos;s parser may refuse {count} layers of kind {kind}, first {layer}. {limit}.</source>
        <translation>Der Parser des Herstellers lehnt vielleicht {count} Schichten der Art {kind} ab, zuerst {layer}. {limit}.</translation>
    </message>
    <message>
        <source>End the chip&apos;s part before them with --end-nodes, or try: newer parsers read more.</source>
        <translation>Beenden Sie den Chipteil mit --end-nodes davor, oder versuchen Sie es: neuere Parser lesen mehr.</translation>
    </message>
    <message>
        <source>It is not known how the outputs of this network become boxes.</source>
        <translation>Es ist nicht bekannt, wie aus den Ausgängen dieses Netzes Rahmen werden.</translation>
    </message>
    <message>
        <source>Use hefc run --with-host for its outputs; for a detector, check the end nodes with hefc check.</source>
        <translation>Nehmen Sie hefc run --with-host für seine Ausgänge; prüfen Sie bei einem Detektor die Endknoten mit hefc check.</translation>
    </message>
    <message>
        <source>What the network finds in pictures cannot be told: it is neither a classifier nor a detector whose coding is known.</source>
        <translation>Was das Netz in Bildern findet, lässt sich nicht sagen: es ist weder ein Klassifikator noch ein Detektor bekannter Kodierung.</translation>
    </message>
    <message>
        <source>Look at its outputs with hefc run instead; the rest of the answer holds.</source>
        <translation>Sehen Sie sich stattdessen mit hefc run seine Ausgänge an; der Rest der Antwort gilt.</translation>
    </message>
    <message>
        <source>Detections are looked for in pictures, not in arrays.</source>
        <translation>Gesucht wird in Bildern, nicht in Feldern.</translation>
    </message>
    <message>
        <source>Give a folder of pictures with --images.</source>
        <translation>Geben Sie mit --images einen Bilderordner.</translation>
    </message>
    <message>
        <source>HailoRT&apos;s NMS has no form for this head (boxes coded as {coding}); it knows those of YOLOv8, YOLOX and SSD with probabilities as scores.</source>
        <translation>Die NMS von HailoRT kennt diesen Kopf nicht (Rahmen kodiert als {coding}); sie kennt die von YOLOv8, YOLOX und SSD mit Wahrscheinlichkeiten.</translation>
    </message>
    <message>
        <source>Convert with --nms none; hefc detect and the metadata&apos;s description decode the outputs.</source>
        <translation>Konvertieren Sie mit --nms none; hefc detect und die Beschreibung in den Metadaten dekodieren die Ausgänge.</translation>
    </message>
    <message>
        <source>{count} layers step over pixels they never read, first {layer}: stride {stride}, window {kernel}.</source>
        <translation>{count} Schichten überspringen Pixel, die sie nie lesen, zuerst {layer}: Schritt {stride}, Fenster {kernel}.</translation>
    </message>
    <message>
        <source>This is legal, but usually a mistake in the architecture.</source>
        <translation>Das ist erlaubt, aber meist ein Fehler der Architektur.</translation>
    </message>
    <message>
        <source>{count} layers pad by as much as their window is wide, first {layer}: padding {padding}, window {kernel}.</source>
        <translation>{count} Schichten füllen so weit auf, wie ihr Fenster breit ist, zuerst {layer}: Rand {padding}, Fenster {kernel}.</translation>
    </message>
    <message>
        <source>Such windows see nothing but padding; a smaller padding is enough.</source>
        <translation>Solche Fenster sehen nur Rand; ein kleinerer genügt.</translation>
    </message>
    <message>
        <source>{count} layers leave the last rows or columns of their input unread, first {layer}: {size} with window {kernel} and stride {stride}.</source>
        <translation>{count} Schichten lassen die letzten Zeilen oder Spalten ihres Eingangs ungelesen, zuerst {layer}: {size} mit Fenster {kernel} und Schritt {stride}.</translation>
    </message>
    <message>
        <source>An input size divisible by the largest stride avoids it.</source>
        <translation>Eine Eingangsgröße, die der größte Schritt teilt, vermeidet das.</translation>
    </message>
    <message>
        <source>{count} convolutions make a number of channels that is no multiple of 8, first {layer} with {channels}.</source>
        <translation>{count} Faltungen liefern eine Zahl von Kanälen, die kein Vielfaches von 8 ist, zuerst {layer} mit {channels}.</translation>
    </message>
    <message>
        <source>The chip works on 8 channels at a time; rounding up to a multiple of 8 costs nothing.</source>
        <translation>Der Chip bearbeitet 8 Kanäle zugleich; auf ein Vielfaches von 8 aufzurunden kostet nichts.</translation>
    </message>
    <message>
        <source>{count} convolutions make a prime number of channels, first {layer} with {channels}.</source>
        <translation>{count} Faltungen liefern eine Primzahl von Kanälen, zuerst {layer} mit {channels}.</translation>
    </message>
    <message>
        <source>A prime number cannot be divided among compute units; choose one with small factors.</source>
        <translation>Eine Primzahl lässt sich nicht auf Recheneinheiten verteilen; wählen Sie eine mit kleinen Teilern.</translation>
    </message>
    <message>
        <source>The value {layer} ({shape}) has {bytes} bytes; the memory of {device} holds {memory}.</source>
        <translation>Der Wert {layer} ({shape}) hat {bytes} Bytes; der Speicher von {device} fasst {memory}.</translation>
    </message>
    <message>
        <source>A smaller input or an earlier stride keeps maps on the chip.</source>
        <translation>Ein kleinerer Eingang oder ein früherer Schritt hält die Werte auf dem Chip.</translation>
    </message>
    <message>
        <source>The weights need {bytes} bytes of the {memory} that {device} has on the chip.</source>
        <translation>Die Gewichte brauchen {bytes} Bytes von {memory}, die {device} auf dem Chip hat.</translation>
    </message>
    <message>
        <source>The network is divided into contexts that are loaded one after another; a smaller variant or the larger chip avoids that.</source>
        <translation>Das Netz wird in Kontexte geteilt, die nacheinander geladen werden; eine kleinere Variante oder der größere Chip vermeidet das.</translation>
    </message>
    <message>
        <source>On {device} the network needs {contexts} contexts, which are loaded one after another for every batch.</source>
        <translation>Auf {device} braucht das Netz {contexts} Kontexte, die für jeden Stapel nacheinander geladen werden.</translation>
    </message>
    <message>
        <source>Larger batches hide the loading; one context needs a smaller network or the larger chip.</source>
        <translation>Größere Stapel verdecken das Laden; ein einziger Kontext braucht ein kleineres Netz oder den größeren Chip.</translation>
    </message>
    <message>
        <source>The network has {blocks} attention blocks with {share} percent of its multiplications.</source>
        <translation>Das Netz hat {blocks} Attention-Blöcke mit {share} Prozent seiner Multiplikationen.</translation>
    </message>
    <message>
        <source>Such networks need more contexts and lose more accuracy in 8 bits; compare before you deploy.</source>
        <translation>Solche Netze brauchen mehr Kontexte und verlieren in 8 Bit mehr Genauigkeit; vergleichen Sie vor dem Einsatz.</translation>
    </message>
    <message>
        <source>The network selects its detections itself ({operators}).</source>
        <translation>Das Netz wählt seine Funde selbst aus ({operators}).</translation>
    </message>
    <message>
        <source>That part is cut away; the host computes it from the outputs of the chip.</source>
        <translation>Dieser Teil wird abgeschnitten; der Rechner berechnet ihn aus den Ausgängen des Chips.</translation>
    </message>
    <message>
        <source>{nodes} nodes behind the end nodes stay on the host.</source>
        <translation>{nodes} Knoten hinter den Endknoten bleiben auf dem Rechner.</translation>
    </message>
    <message>
        <source>hefc prepare --split writes them as a model of their own; hefc run --with-host computes them.</source>
        <translation>hefc prepare --split schreibt sie als eigenes Modell; hefc run --with-host berechnet sie.</translation>
    </message>
    <message>
        <source>The archive cannot be read: {reason}.</source>
        <translation>Das Archiv lässt sich nicht lesen: {reason}.</translation>
    </message>
    <message>
        <source>The file is damaged: copy or make it again.</source>
        <translation>Die Datei ist beschädigt: kopieren oder erzeugen Sie sie noch einmal.</translation>
    </message>
    <message>
        <source>The archive holds &apos;{name}&apos;, a name that leaves the folder it is unpacked into.</source>
        <translation>Das Archiv enthält „{name}“, einen Namen, der den Ordner verlässt, in den entpackt wird.</translation>
    </message>
    <message>
        <source>Do not trust this file; get it from its maker again.</source>
        <translation>Trauen Sie dieser Datei nicht; holen Sie sie noch einmal vom Hersteller.</translation>
    </message>
    <message>
        <source>The archive holds &apos;{name}&apos;, which is no plain file.</source>
        <translation>Das Archiv enthält „{name}“, das keine gewöhnliche Datei ist.</translation>
    </message>
    <message>
        <source>The archive holds &apos;{name}&apos; twice.</source>
        <translation>Das Archiv enthält „{name}“ doppelt.</translation>
    </message>
    <message>
        <source>The file is damaged: make it again.</source>
        <translation>Die Datei ist beschädigt: erzeugen Sie sie noch einmal.</translation>
    </message>
    <message>
        <source>{what} goes past the limit of {limit}.</source>
        <translation>{what} überschreitet die Grenze von {limit}.</translation>
    </message>
    <message>
        <source>Do not trust this file; a real model does not unpack to so much.</source>
        <translation>Trauen Sie dieser Datei nicht; ein wirkliches Modell entpackt sich nicht zu so viel.</translation>
    </message>
    <message>
        <source>The safetensors file is damaged: {what}.</source>
        <translation>Die safetensors-Datei ist beschädigt: {what}.</translation>
    </message>
    <message>
        <source>The device model has no link named {name}.</source>
        <translation>Das Gerätemodell hat keine Verbindung namens {name}.</translation>
    </message>
    <message>
        <source>Choose one of: {known}.</source>
        <translation>Wählen Sie eine von: {known}.</translation>
    </message>
    <message>
        <source>The picture says it is {width} × {height} pixels.</source>
        <translation>Das Bild gibt an, {width} × {height} Pixel groß zu sein.</translation>
    </message>
    <message>
        <source>Scale it down: no network sees that many.</source>
        <translation>Verkleinern Sie es: So viele sieht kein Netz.</translation>
    </message>
    <message>
        <source>The samples are no pictures.</source>
        <translation>Die Proben sind keine Bilder.</translation>
    </message>
    <message>
        <source>Leave out what needs pictures; arrays of anything else are judged by their values.</source>
        <translation>Lassen Sie weg, was Bilder braucht; andere Arrays werden nach ihren Werten beurteilt.</translation>
    </message>
    <message>
        <source>Arrays and pictures do not make one set.</source>
        <translation>Arrays und Bilder ergeben keine gemeinsame Menge.</translation>
    </message>
    <message>
        <source>Give one array alone, or any number of folders, pictures, videos and data.yaml files.</source>
        <translation>Geben Sie ein einzelnes Array an oder beliebig viele Ordner, Bilder, Videos und data.yaml-Dateien.</translation>
    </message>
    <message>
        <source>The calibration set cannot be read: {reason}.</source>
        <translation>Die Kalibrierungsmenge kann nicht gelesen werden: {reason}.</translation>
    </message>
    <message>
        <source>Write it again with hefc calib build.</source>
        <translation>Schreiben Sie sie mit hefc calib build neu.</translation>
    </message>
    <message>
        <source>The data.yaml cannot be read: {reason}.</source>
        <translation>Die data.yaml kann nicht gelesen werden: {reason}.</translation>
    </message>
    <message>
        <source>Give the folder of pictures instead, or repair the file.</source>
        <translation>Geben Sie stattdessen den Bilderordner an oder berichtigen Sie die Datei.</translation>
    </message>
    <message>
        <source>{count} pictures cannot be decoded or are cut short, {first} among them.</source>
        <translation>{count} Bilder sind nicht lesbar oder abgeschnitten, darunter {first}.</translation>
    </message>
    <message>
        <source>Leave them out, or copy them again.</source>
        <translation>Lassen Sie sie weg oder kopieren Sie sie neu.</translation>
    </message>
    <message>
        <source>{count} files are not those the set was made of, {first} among them.</source>
        <translation>{count} Dateien sind nicht die, aus denen die Menge gemacht wurde, darunter {first}.</translation>
    </message>
    <message>
        <source>Build the set again, or restore the files.</source>
        <translation>Stellen Sie die Menge neu zusammen oder die Dateien wieder her.</translation>
    </message>
    <message>
        <source>{count} samples hold values that are no numbers (NaN or infinite), {first} among them.</source>
        <translation>{count} Proben enthalten Werte, die keine Zahlen sind (NaN oder unendlich), darunter {first}.</translation>
    </message>
    <message>
        <source>Leave them out and repair the step that wrote the array.</source>
        <translation>Lassen Sie sie weg und berichtigen Sie den Schritt, der das Array geschrieben hat.</translation>
    </message>
    <message>
        <source>{count} samples hold values of another size than the rest, {first} among them: they were not normalised like the others.</source>
        <translation>{count} Proben enthalten Werte anderer Größe als die übrigen, darunter {first}: Sie wurden nicht wie die anderen normiert.</translation>
    </message>
    <message>
        <source>Leave them out, or write the array again with the same steps for every sample.</source>
        <translation>Lassen Sie sie weg oder schreiben Sie das Array mit denselben Schritten für jede Probe neu.</translation>
    </message>
    <message>
        <source>The samples reach {high} at most: they seem to be normalised twice.</source>
        <translation>Die Proben reichen höchstens bis {high}: Sie sind anscheinend zweimal normiert.</translation>
    </message>
    <message>
        <source>Give raw pictures from 0 to 255 and state the normalisation with --normalize.</source>
        <translation>Geben Sie rohe Bilder von 0 bis 255 und nennen Sie die Normierung mit --normalize.</translation>
    </message>
    <message>
        <source>Without the stated normalisation the float network finds more in the same samples ({other} against {own}): it seems to normalise by itself, so that it happens twice.</source>
        <translation>Ohne die genannte Normierung findet das Gleitkommanetz in denselben Proben mehr ({other} gegen {own}): Es normiert anscheinend selbst, sodass es zweimal geschieht.</translation>
    </message>
    <message>
        <source>State what the network takes with --normalize 0/1, or see what its first layers do on the Graph page.</source>
        <translation>Nennen Sie mit --normalize 0/1, was das Netz nimmt, oder sehen Sie auf der Seite Graph nach, was seine ersten Schichten tun.</translation>
    </message>
    <message>
        <source>The set holds {count} samples; ranges from fewer than 64 are a matter of luck.</source>
        <translation>Die Menge enthält {count} Proben; Bereiche aus weniger als 64 sind Glückssache.</translation>
    </message>
    <message>
        <source>Add pictures like those the network will see until there are 64; the algorithms that tune weights want 1024.</source>
        <translation>Fügen Sie Bilder hinzu, wie das Netz sie sehen wird, bis es 64 sind; Verfahren, die Gewichte nachstellen, wollen 1024.</translation>
    </message>
    <message>
        <source>{count} samples are enough for the presets fast and balanced; tuning weights wants 1024.</source>
        <translation>{count} Proben reichen für die Voreinstellungen schnell und ausgewogen; das Nachstellen der Gewichte will 1024.</translation>
    </message>
    <message>
        <source>Nothing to do unless accuracy falls short.</source>
        <translation>Nichts zu tun, solange die Genauigkeit reicht.</translation>
    </message>
    <message>
        <source>{count} samples are copies of others byte for byte, {first} among them.</source>
        <translation>{count} Proben gleichen anderen Byte für Byte, darunter {first}.</translation>
    </message>
    <message>
        <source>Leave the copies out: they weigh twice and add nothing.</source>
        <translation>Lassen Sie die Kopien weg: Sie zählen doppelt und fügen nichts hinzu.</translation>
    </message>
    <message>
        <source>{count} pictures look like others of the set, {first} among them: neighbouring frames, resized or re-encoded copies.</source>
        <translation>{count} Bilder sehen aus wie andere der Menge, darunter {first}: benachbarte Einzelbilder, verkleinerte oder neu gespeicherte Kopien.</translation>
    </message>
    <message>
        <source>Leave them out, or choose the set with --strategy diverse.</source>
        <translation>Lassen Sie sie weg oder wählen Sie mit --strategy diverse aus.</translation>
    </message>
    <message>
        <source>{count} pictures are blurred, {first} among them.</source>
        <translation>{count} Bilder sind unscharf, darunter {first}.</translation>
    </message>
    <message>
        <source>Leave them out unless the network will see such pictures.</source>
        <translation>Lassen Sie sie weg, wenn das Netz solche Bilder nicht sehen wird.</translation>
    </message>
    <message>
        <source>{count} pictures are almost black, {first} among them.</source>
        <translation>{count} Bilder sind fast schwarz, darunter {first}.</translation>
    </message>
    <message>
        <source>Leave them out unless the network works at night; 12-bit values in 16-bit files look like this too.</source>
        <translation>Lassen Sie sie weg, wenn das Netz nicht nachts arbeitet; auch 12-Bit-Werte in 16-Bit-Dateien sehen so aus.</translation>
    </message>
    <message>
        <source>{count} pictures are almost white, {first} among them.</source>
        <translation>{count} Bilder sind fast weiß, darunter {first}.</translation>
    </message>
    <message>
        <source>{count} pictures show nothing but one shade, {first} among them.</source>
        <translation>{count} Bilder zeigen nur einen einzigen Ton, darunter {first}.</translation>
    </message>
    <message>
        <source>Leave them out.</source>
        <translation>Lassen Sie sie weg.</translation>
    </message>
    <message>
        <source>{count} pictures hold no value above 1, {first} among them: they were divided by 255 before they were saved.</source>
        <translation>{count} Bilder enthalten keinen Wert über 1, darunter {first}: Sie wurden vor dem Speichern durch 255 geteilt.</translation>
    </message>
    <message>
        <source>Leave them out, or save them again from 0 to 255: the normalisation is folded into the network.</source>
        <translation>Lassen Sie sie weg oder speichern Sie sie von 0 bis 255 neu: Die Normierung wird in das Netz eingerechnet.</translation>
    </message>
    <message>
        <source>{count} pictures are far larger or smaller than the rest, {first} among them.</source>
        <translation>{count} Bilder sind weit größer oder kleiner als die übrigen, darunter {first}.</translation>
    </message>
    <message>
        <source>Make sure they belong to the set; thumbnails and scans come out unlike the camera&apos;s pictures.</source>
        <translation>Prüfen Sie, ob sie dazugehören; Vorschaubilder und Scans fallen anders aus als die Bilder der Kamera.</translation>
    </message>
    <message>
        <source>{count} pictures are so small that they have to be enlarged more than twice, {first} among them.</source>
        <translation>{count} Bilder sind so klein, dass sie auf mehr als das Doppelte vergrößert werden müssen, darunter {first}.</translation>
    </message>
    <message>
        <source>Give the pictures at the size the camera takes them.</source>
        <translation>Geben Sie die Bilder in der Größe, in der die Kamera sie aufnimmt.</translation>
    </message>
    <message>
        <source>{count} pictures have skin, leaves and skies in the colours that they have with red and blue exchanged, {first} among them.</source>
        <translation>{count} Bilder zeigen Haut, Laub und Himmel in Farben, die sie mit vertauschtem Rot und Blau haben, darunter {first}.</translation>
    </message>
    <message>
        <source>Look at them; exchange the channels of the array, or write the pictures again. With --model the float network decides.</source>
        <translation>Sehen Sie sie an; vertauschen Sie die Kanäle des Arrays oder schreiben Sie die Bilder neu. Mit --model entscheidet das Gleitkommanetz.</translation>
    </message>
    <message>
        <source>{count} of {classes} classes are in no picture of the set: {names}.</source>
        <translation>{count} von {classes} Klassen kommen in keinem Bild der Menge vor: {names}.</translation>
    </message>
    <message>
        <source>Add pictures of them, or choose the set with --strategy per-class.</source>
        <translation>Fügen Sie Bilder davon hinzu oder wählen Sie mit --strategy per-class aus.</translation>
    </message>
    <message>
        <source>{count} pictures have no labels, {first} among them; they count for no class.</source>
        <translation>{count} Bilder haben keine Beschriftung, darunter {first}; sie zählen für keine Klasse.</translation>
    </message>
    <message>
        <source>Nothing to do if they show nothing that has a class.</source>
        <translation>Nichts zu tun, wenn sie nichts zeigen, das eine Klasse hat.</translation>
    </message>
    <message>
        <source>{count} pictures look like none of the reference folder, {first} among them.</source>
        <translation>{count} Bilder sehen aus wie keines des Vergleichsordners, darunter {first}.</translation>
    </message>
    <message>
        <source>Leave them out if the network will never see such pictures; add such pictures to the reference if it will.</source>
        <translation>Lassen Sie sie weg, wenn das Netz solche Bilder nie sehen wird; ergänzen Sie den Vergleichsordner, wenn doch.</translation>
    </message>
    <message>
        <source>The video cannot be read: {reason}.</source>
        <translation>Das Video kann nicht gelesen werden: {reason}.</translation>
    </message>
    <message>
        <source>Convert it to MP4 (H.264) or give its frames as pictures.</source>
        <translation>Wandeln Sie es in MP4 (H.264) um oder geben Sie seine Einzelbilder an.</translation>
    </message>
    <message>
        <source>The video-decoding module cannot be loaded: {reason}.</source>
        <translation>Das Modul zum Lesen von Videos kann nicht geladen werden: {reason}.</translation>
    </message>
    <message>
        <source>Install the program again; lib/hefstudio/video_codec.so belongs beside bin.</source>
        <translation>Installieren Sie das Programm neu; lib/hefstudio/video_codec.so gehört neben bin.</translation>
    </message>
    <message>
        <source>An array needs the network&apos;s input size.</source>
        <translation>Ein Array braucht die Eingabegröße des Netzes.</translation>
    </message>
    <message>
        <source>Give --model MODEL.onnx or --size WIDTHxHEIGHT, or write a folder or a .json instead.</source>
        <translation>Geben Sie --model MODELL.onnx oder --size BREITExHÖHE an oder schreiben Sie stattdessen einen Ordner oder eine .json.</translation>
    </message>
    <message>
        <source>No labels lie beside the pictures: they cannot be chosen by class.</source>
        <translation>Neben den Bildern liegen keine Beschriftungen: Nach Klassen kann nicht ausgewählt werden.</translation>
    </message>
    <message>
        <source>Put YOLO&apos;s labels beside them, or a COCO JSON, or choose with --strategy diverse.</source>
        <translation>Legen Sie YOLO-Beschriftungen oder eine COCO-JSON daneben oder wählen Sie mit --strategy diverse aus.</translation>
    </message>
    <message>
        <source>No sample is left to write.</source>
        <translation>Es ist keine Probe zum Schreiben übrig.</translation>
    </message>
    <message>
        <source>Leave out less.</source>
        <translation>Lassen Sie weniger weg.</translation>
    </message>
    <message>
        <source>The samples cannot be repaired this way: {reason}.</source>
        <translation>So lassen sich die Proben nicht berichtigen: {reason}.</translation>
    </message>
    <message>
        <source>Write the array again as [count, height, width, channels] with values from 0 to 255.</source>
        <translation>Schreiben Sie das Array neu als [Anzahl, Höhe, Breite, Kanäle] mit Werten von 0 bis 255.</translation>
    </message>
    <message>
        <source>In {count} pictures the float network finds more with red and blue exchanged, and their colours agree, {first} among them.</source>
        <translation>In {count} Bildern findet das Gleitkommanetz mit vertauschtem Rot und Blau mehr, und ihre Farben sagen dasselbe, darunter {first}.</translation>
    </message>
    <message>
        <source>Leave them out, or write them again in the order of the others.</source>
        <translation>Lassen Sie sie weg oder schreiben Sie sie in der Reihenfolge der anderen neu.</translation>
    </message>
    <message>
        <source>The folder to write to is not empty.</source>
        <translation>Der Zielordner ist nicht leer.</translation>
    </message>
    <message>
        <source>Name a new one, so that nothing of yours is overwritten and the set holds nothing else.</source>
        <translation>Nennen Sie einen neuen, damit nichts überschrieben wird und die Menge nichts anderes enthält.</translation>
    </message>
    <message>
        <source>The samples are normalised already ({low} to {high}): the HEF would take such values instead of raw pictures.</source>
        <translation>Die Proben sind schon normiert ({low} bis {high}): Das HEF nähme solche Werte statt roher Bilder.</translation>
    </message>
    <message>
        <source>Scale them back to 0 to 255; the normalisation is folded into the network.</source>
        <translation>Bringen Sie sie auf 0 bis 255 zurück; die Normierung wird in das Netz eingerechnet.</translation>
    </message>
    <message>
        <source>Write it again; it needs one table of names, types, shapes and offsets, and the bytes behind it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is an emulation HEF: it never runs on a chip, so there is nothing to deploy.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compile the model with the Hailo Dataflow Compiler and bundle the HEF it makes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The HEF has no network with an input and an output.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compile the network again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The samples hold values from {low} to {high}; the network takes {wanted_low} to {wanted_high} here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give raw pictures from 0 to 255 and state the normalisation with --normalize: it is folded into the network. Do not normalise twice.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} values of the samples are no numbers (NaN or infinite).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Repair the step that wrote the array; one such value spoils every range behind it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The samples are {found}: channels stand first, which the file does not declare.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the array as [count, height, width, channels], {wanted} a sample, or as a .safetensors snapshot, which is channels-first by definition.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The samples have {found} channels, but the network takes {wanted}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop an alpha channel, or repeat a grey one, and save the array again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The samples are {found} pixels, but the network takes {wanted}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resize the pictures as the network was trained, or give the folder of pictures: they are resized for you.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} pictures have 16 bits a channel, {first} among them; their upper 8 bits are used.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make sure they use the whole range: 12-bit values in a 16-bit file come out black.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} pictures have a palette, {first} among them; they become RGB.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use photographs as the network will see them; palettes are usually drawings or masks.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} pictures are CMYK, {first} among them; their colours are converted without a profile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Convert them to RGB with the tool they came from.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} pictures are turned by their EXIF note, {first} among them; they are turned before use.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing to do if training turned them too.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The pictures have {count} different sizes; each is brought to the network&apos;s size on its own.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing to do if that is how the network is used.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>With red and blue exchanged the float network finds more in the same samples ({other} against {own}): they seem to be in the other order.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State the order the network was trained on with --color, or exchange the channels of the array.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The network was calibrated on noise, as asked: the HEF shows that it converts, not what it finds.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Calibrate with 64 pictures like those the network will see before you look at its results.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The archive has no index (a member ending in .metadata.json).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give a .har file of the Hailo Dataflow Compiler or of HEF Studio.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model archive cannot be read: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file is damaged, or newer than this HEF Studio: make it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model archive holds no {part}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A later state of the model has it: quantise or compile it first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The weights are {found}, the network says {stated}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file is no HEF: it does not begin with the HEF mark.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give a .hef file made by the vendor&apos;s compiler or by HEF Studio.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The HEF has header version {version}; 0 to 3 are known.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use a newer HEF Studio, or compile the network again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The HEF header states an impossible {field} of {value}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file is damaged: copy or compile it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The HEF ends after {actual} bytes where its header states {expected}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file is incomplete: copy or download it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size} bytes follow the end that the HEF header states; HailoRT refuses such a file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the file again; labels and metadata belong sealed into it: hefc metadata attach.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The {kind} checksum of the HEF is {computed}, its header states {stored}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The message inside the HEF cannot be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The HEF is for a chip this version does not know (hw_arch {value}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use a newer HEF Studio.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Two network groups are called &apos;{name}&apos;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>HailoRT refuses the file: compile the network again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A network group has no part that runs on the chip.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>HailoRT cannot load the file: compile the network again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A network group for {chip} has no form for any cluster layout.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A core op of the HEF has no context.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A core op is called &apos;{found}&apos; where its network group is called &apos;{expected}&apos;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{field} is {value}, the largest possible value is {limit}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An operation has no trigger.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An operation waits for {trigger}, which HailoRT does not support.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>HailoRT does not accept the action {action}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use the HailoRT release that belongs to the compiler, or compile the network again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An action {action} has impossible values.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The action {action} does not belong into a HEF of header version {version}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An action points at {size} bytes from {offset}, but the configuration section has {available}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file would fail on the device: compile the network again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The name &apos;{name}&apos; is longer than {limit} bytes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give the model or the layer a shorter name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Two streams or blobs are called &apos;{name}&apos;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give them different names.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A stream has the unknown layout code {code}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The elements of a stream have {bytes} bytes; 1 or 2 are possible.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A tensor of shape {shape} is too large for a HEF.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use a smaller input, or cut the network before this tensor.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A stream has a dimension of 0.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The HEF uses the old argmax on the host, which HailoRT no longer supports.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compile the network again with a current compiler.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A stream names no buffer on the chip.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A stream has {found} scales where {expected} are needed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The channels of an input have different scales.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The burst type {type} with size {size} does not fit the chip.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The merged output &apos;{name}&apos; is described nowhere.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A stream has an impossible form: {form}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A stream between contexts is connected to none.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The buffers in host memory of a context do not form pairs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A cache has a negative number.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A step on the host takes pad {pad}, which no output carries.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A step on the host is impossible: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The output order of a network group does not contain &apos;{name}&apos;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>HailoRT cannot list the outputs: compile the network again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The network &apos;{name}&apos; lacks an input or an output.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>HailoRT cannot list its streams: compile the network again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The HEF needs the extension {type} ({name}), which no known HailoRT has.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use a newer HailoRT.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The HEF lacks the extension {type}, which HailoRT needs since 4.17.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The blob &apos;{name}&apos; lies outside the file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The blob &apos;{name}&apos; does not have the hash the HEF states.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no context to write into the HEF.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is a fault of HEF Studio: please report it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The HEF cannot be written: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The emulation HEF names a chip a device could take it for: {what}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file was not written; this is a fault of HEF Studio: please report it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The emulation HEF could get past the check of its configuration channels: {what}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The emulation HEF contains what a device would be told: {what}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The emulation HEF could start on an Ethernet device: {what}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The emulation HEF has a form whose safety was not examined: {what}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The emulation HEF is not locked for: {what}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The HEF carries no metadata.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Attach some with hefc metadata attach.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The metadata cannot be read: here must stand {wanted}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correct the key, or take the metadata out of its file again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The metadata has schema version {version}; 1 and 2 are known.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use a newer HEF Studio, or write it in version 2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The metadata breaks a rule of its schema: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correct the key: the runtime would decode wrongly or not at all.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The metadata is for an input of {stated}, the HEF takes {found}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give the metadata of this very model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The metadata does not fit the output &apos;{name}&apos;: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The ZIP in the HEF does not lie where one can be taken out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file was not changed; ask its maker for the original.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Behind the HEF stand {bytes} bytes that are no ZIP.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cut them off first, or copy the file again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Without its metadata the HEF is not the file that was sealed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file was changed since; nothing was written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This HEF was not made by the built-in back end, so its layers are not known here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use hefc inspect for what its compiler estimated.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The record of this HEF&apos;s making was stripped, and the prediction with it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Profile the ONNX model instead.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The HEF was made for {made}, not for {asked}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Profile the ONNX model with --arch {asked}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The HEF holds no prediction for batch {batch}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use one of 1, 2, 4, 8, 16, or profile the ONNX model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A device file, a link, a number of contexts and a shared device can only be asked of a model; a HEF is already mapped.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give the ONNX model that the HEF was made from.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Line {line} of the recipe is not valid: {reason}.</source>
        <translation>Zeile {line} des Rezepts ist nicht gültig: {reason}.</translation>
    </message>
    <message>
        <source>The file lies neither in the recipe&apos;s folder or below it nor below a named root.</source>
        <translation>Die Datei liegt weder im Ordner des Rezepts oder darunter noch unter einer benannten Wurzel.</translation>
    </message>
    <message>
        <source>Save the recipe in a folder that holds the model and the calibration pictures, or name their folder: --root data=FOLDER.</source>
        <translation>Das Rezept in einem Ordner speichern, der Modell und Kalibrierbilder enthält, oder deren Ordner benennen: --root data=ORDNER.</translation>
    </message>
    <message>
        <source>The file of named roots is not an object of names and absolute folders.</source>
        <translation>Die Datei der benannten Wurzeln ist kein Objekt aus Namen und absoluten Ordnern.</translation>
    </message>
    <message>
        <source>Correct the key named, or remove the file.</source>
        <translation>Den genannten Schlüssel berichtigen oder die Datei entfernen.</translation>
    </message>
    <message>
        <source>The recipe has no lock: no conversion has filled in what went in and came out.</source>
        <translation>Das Rezept hat kein Schloss: Keine Umwandlung hat festgehalten, was hinein- und herauskam.</translation>
    </message>
    <message>
        <source>Convert once with --save-recipe.</source>
        <translation>Einmal mit --save-recipe umwandeln.</translation>
    </message>
    <message>
        <source>The lock&apos;s side file is not what the conversion wrote: {what}.</source>
        <translation>Die Beidatei des Schlosses ist nicht, was die Umwandlung schrieb: {what}.</translation>
    </message>
    <message>
        <source>Put the file back that was saved with the recipe, or convert again with --save-recipe.</source>
        <translation>Die mit dem Rezept gespeicherte Datei zurücklegen oder erneut mit --save-recipe umwandeln.</translation>
    </message>
    <message>
        <source>An input of the recipe is not the one that was locked: {input}.</source>
        <translation>Eine Eingabe des Rezepts ist nicht die festgehaltene: {input}.</translation>
    </message>
    <message>
        <source>Put the locked file back, or convert again with --save-recipe.</source>
        <translation>Die festgehaltene Datei zurücklegen oder erneut mit --save-recipe umwandeln.</translation>
    </message>
    <message>
        <source>Rebuilt {way}, the stage {stage} gives another result than was locked.</source>
        <translation>Neu gebaut ({way}) gibt der Schritt {stage} ein anderes Ergebnis als das festgehaltene.</translation>
    </message>
    <message>
        <source>The recipe was made by version {version}; this is {here}. Convert again with --save-recipe if the difference is wanted.</source>
        <translation>Das Rezept stammt von Version {version}; dies ist {here}. Ist der Unterschied gewollt, erneut mit --save-recipe umwandeln.</translation>
    </message>
    <message>
        <source>The HEF ends at other nodes than this model would be cut at now, so its layers are not compared.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give the model the HEF was made from; its outputs are compared all the same.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The HEF &apos;{hef}&apos; was not made from this model: {what}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give the model that it was made from.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The recorded output &apos;{output}&apos; of picture &apos;{picture}&apos; is missing or has another shape.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save each output as &lt;picture&apos;s name&gt;/&lt;output&gt;.npy, rows, columns, channels, as hefc run does.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model script cannot be read: {expected} was expected, {found} stands there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correct the line; a statement is one command with its arguments in brackets.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model script is larger than any real one: more than {limit}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check that this is the right file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{command} is no command that HEF Studio knows; it is kept as it stands.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing to do if your compiler version has it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{command} is no model-script command of any compiler version, though guides name it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write {instead}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{command} is not known to take {key}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the spelling; a wrong key stops the compiler.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{command} is not known to take &quot;{name}&quot;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use one of: {known}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>normalization wants two lists of the same length, mean and deviation, with no deviation of 0.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write one entry for each channel: normalization([0, 0, 0], [255, 255, 255]).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The compiler refuses resources_param beside compiler_optimization_level=max: that level tries its own caps.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove one of the two.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Without a layer, {activation} is put behind every output, boxes too.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name the class layers.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The compiler&apos;s check of the machine failed and it waited for an answer that did not come.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run hefc vendor doctor; it names what the check misses.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The compiler recommends {wanted} of memory; this machine has {found}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close other programs, or add swap space; large networks may be killed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The compiler chose the chip itself: {line}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State the chip with --arch, so that the HEF fits your board.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The input shape given does not fit the export: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export the network again at the size you want, or leave --input-shape out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The parser stops here and asks for other end nodes: {nodes}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take the recommended end nodes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The calibration data does not look like raw pictures; its ranges are {ranges}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give raw pictures of 0 to 255 and state the normalisation in the recipe.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The compiler lowered the output precision of a layer by {bits} bits.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare the result with the float model; give this layer 16 bits or better calibration pictures.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A layer lacks {delta} bits of shift: its inputs and weights differ too much in range.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check that the normalisation is applied once, and that the calibration pictures are real.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{algorithm} needs up to {size} of disk space.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Have that much free in the work folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The calibration array does not have the network&apos;s input shape: {line}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give the array as [count, height, width, channels].</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A layer&apos;s ranges are too unbalanced for 8 bits: {line}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use real pictures, normalise once, or give the layer 16 bits.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The vendor&apos;s parser does not take the network: {line}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take the end nodes it recommends, or those that hefc check proposes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A reshape or transpose of the network is no form the vendor&apos;s parser knows: {line}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cut before it; hefc check proposes where.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The vendor&apos;s parser does not take an operator: {line}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The vendor&apos;s parser lost track of the axes, most often at a LayerNormalization: {line}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use the ONNX that hefc prepare writes: it has the form the parser takes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An input has no fixed shape: {line}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State it with --input-shape.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A start or end node does not exist: {line}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give names of nodes, not of tensors; hefc check lists them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The box decoding does not fit the network: {line}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cut at the convolutions of each scale, state the classes, or convert with --nms none.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model script names layers this network does not have: {line}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use a script made for this network.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The network does not fit into one context, and the script allows no other: {line}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove context_switch_param(mode=disabled) from the script.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The compiler finds no place for a layer: {line}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cut before wide concatenations at the outputs, or choose the larger chip.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A layer cannot be built in the precision it has: {line}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give at least 1024 pictures and a GPU so that the effort is not lowered, or cut before the layer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The compiler finds no split into contexts: {line}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use a smaller input, fewer long connections, or the default compiler level to learn the layer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The compiler itself failed: {line}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try another version of it; 3.33.1 mends a fault of 3.33.0 at residual connections.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A split feeds an output, which the compiler does not take: {line}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use the ONNX that hefc prepare writes: it has slices in place of the split.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The layers were not mapped to the chip: {line}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>See the message before it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The compiler reached its time limit: {line}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Raise the time limit of the search in the recipe.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The compiler ran out of memory: {line}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close other programs, add swap space, or use a smaller batch size.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The disk is full: {line}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Free space in the work folder; 60 GB are advised.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The compiler needs the variable USER, which is not set in the container: {line}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start it through HEF Studio, which sets it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The run was interrupted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start it again; finished stages are kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The compiler gave up: {line}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder holds something else than a job bundle.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give a folder that is new, empty, or an earlier bundle.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The program {program} is not there or may not be run.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Install it, or give its full path.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The program {program} could not be started: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>See whether the machine has memory and processes left.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The list of toolchains is not as HEF Studio writes it.</source>
        <translation>Die Liste der Compiler ist nicht so, wie HEF Studio sie schreibt.</translation>
    </message>
    <message>
        <source>Correct the key that is named, or delete the file and add the toolchains again (hefc vendor add).</source>
        <translation>Berichtigen Sie den genannten Schlüssel, oder löschen Sie die Datei und fügen Sie die Compiler neu hinzu (hefc vendor add).</translation>
    </message>
    <message>
        <source>No vendor compiler is known on this machine.</source>
        <translation>Auf diesem Rechner ist kein Compiler des Herstellers bekannt.</translation>
    </message>
    <message>
        <source>Add yours with hefc vendor add (hefc vendor list --search shows what is here), or write the job for another machine: hefc recipe export RECIPE.json -o JOB. The compiler is had at hailo.ai/developer-zone.</source>
        <translation>Fügen Sie Ihren mit hefc vendor add hinzu (hefc vendor list --search zeigt, was da ist), oder schreiben Sie den Auftrag für einen anderen Rechner: hefc recipe export REZEPT.json -o AUFTRAG. Den Compiler gibt es auf hailo.ai/developer-zone.</translation>
    </message>
    <message>
        <source>There is no toolchain {name}; known are: {known}.</source>
        <translation>Einen Compiler {name} gibt es nicht; bekannt sind: {known}.</translation>
    </message>
    <message>
        <source>Choose one of them, or add it: hefc vendor add.</source>
        <translation>Wählen Sie einen davon, oder fügen Sie ihn hinzu: hefc vendor add.</translation>
    </message>
    <message>
        <source>Toolchain {name}, compiler {version}, makes HEFs for {chips}, not for {arch}.</source>
        <translation>{name}, Compiler {version}, macht HEFs für {chips}, nicht für {arch}.</translation>
    </message>
    <message>
        <source>Line 3.x of the compiler serves Hailo-8 and Hailo-8L, line 5.x Hailo-10H and Hailo-15H: choose or add the other one.</source>
        <translation>Linie 3.x des Compilers bedient Hailo-8 und Hailo-8L, Linie 5.x Hailo-10H und Hailo-15H: Wählen oder ergänzen Sie die andere.</translation>
    </message>
    <message>
        <source>There is a toolchain {name} already.</source>
        <translation>Einen Compiler {name} gibt es schon.</translation>
    </message>
    <message>
        <source>Give another name, or remove that one first: hefc vendor remove {name}.</source>
        <translation>Geben Sie einen anderen Namen an, oder entfernen Sie ihn zuerst: hefc vendor remove {name}.</translation>
    </message>
    <message>
        <source>{name} is no name for a toolchain.</source>
        <translation>{name} ist kein Name für einen Compiler.</translation>
    </message>
    <message>
        <source>Use letters, digits, &apos;-&apos;, &apos;_&apos; and &apos;.&apos;, not more than 64.</source>
        <translation>Nehmen Sie Buchstaben, Ziffern, „-“, „_“ und „.“, höchstens 64.</translation>
    </message>
    <message>
        <source>The Python of {place} does not answer: {reason}.</source>
        <translation>Das Python von {place} antwortet nicht: {reason}.</translation>
    </message>
    <message>
        <source>Give the interpreter of the compiler&apos;s environment, such as venv/bin/python, and see that it starts.</source>
        <translation>Geben Sie den Interpreter der Umgebung des Compilers an, etwa venv/bin/python, und sehen Sie, ob er startet.</translation>
    </message>
    <message>
        <source>{place} has no Dataflow Compiler: the package hailo_sdk_client is missing.</source>
        <translation>{place} hat keinen Dataflow Compiler: Das Paket hailo_sdk_client fehlt.</translation>
    </message>
    <message>
        <source>Install the compiler&apos;s wheel there, or give the environment that has it.</source>
        <translation>Installieren Sie dort das Wheel des Compilers, oder geben Sie die Umgebung an, die es hat.</translation>
    </message>
    <message>
        <source>{engine} cannot be used: {reason}.</source>
        <translation>{engine} ist nicht benutzbar: {reason}.</translation>
    </message>
    <message>
        <source>Start its service and see that your user may use it; hefc vendor doctor says what is missing.</source>
        <translation>Starten Sie seinen Dienst und sehen Sie, ob Ihr Benutzer ihn nutzen darf; hefc vendor doctor sagt, was fehlt.</translation>
    </message>
    <message>
        <source>{engine} has no image {image}.</source>
        <translation>{engine} hat kein Abbild {image}.</translation>
    </message>
    <message>
        <source>Load the vendor&apos;s suite first ({engine} load -i FILE.tar), and give the name that {engine} images shows.</source>
        <translation>Laden Sie zuerst die Suite des Herstellers ({engine} load -i DATEI.tar), und geben Sie den Namen an, den {engine} images zeigt.</translation>
    </message>
    <message>
        <source>This folder is no job bundle.</source>
        <translation>Dieser Ordner ist kein Auftrag.</translation>
    </message>
    <message>
        <source>Make one with hefc recipe export RECIPE.json -o JOB.</source>
        <translation>Machen Sie einen mit hefc recipe export REZEPT.json -o AUFTRAG.</translation>
    </message>
    <message>
        <source>No run was started in this folder.</source>
        <translation>In diesem Ordner wurde kein Lauf gestartet.</translation>
    </message>
    <message>
        <source>Give the folder of a job that hefc convert --backend vendor made.</source>
        <translation>Geben Sie den Ordner eines Auftrags an, den hefc convert --backend vendor gemacht hat.</translation>
    </message>
    <message>
        <source>A run has this folder already.</source>
        <translation>Ein Lauf hat diesen Ordner schon.</translation>
    </message>
    <message>
        <source>See how it goes with hefc vendor attach, end it with hefc vendor stop, or use another output.</source>
        <translation>Verfolgen Sie ihn mit hefc vendor attach, beenden Sie ihn mit hefc vendor stop, oder nehmen Sie eine andere Ausgabe.</translation>
    </message>
    <message>
        <source>The run was stopped at its limit of {minutes} minutes.</source>
        <translation>Der Lauf wurde an seiner Grenze von {minutes} Minuten angehalten.</translation>
    </message>
    <message>
        <source>Start it again with more time; finished stages are kept.</source>
        <translation>Starten Sie ihn mit mehr Zeit neu; fertige Stufen bleiben erhalten.</translation>
    </message>
    <message>
        <source>The compiler was ended by signal {signal}; its last line: {line}.</source>
        <translation>Der Compiler wurde durch Signal {signal} beendet; seine letzte Zeile: {line}.</translation>
    </message>
    <message>
        <source>Signal 9 mostly means that memory ran out: close other programs or add swap space, then start again; finished stages are kept.</source>
        <translation>Signal 9 heißt meist, dass der Speicher ausging: Schließen Sie andere Programme oder ergänzen Sie Auslagerungsspeicher, dann starten Sie neu; fertige Stufen bleiben erhalten.</translation>
    </message>
    <message>
        <source>The compiler ended without a result; its last line: {line}.</source>
        <translation>Der Compiler endete ohne Ergebnis; seine letzte Zeile: {line}.</translation>
    </message>
    <message>
        <source>The whole log is in the job&apos;s folder, results/console.log.</source>
        <translation>Das ganze Protokoll liegt im Ordner des Auftrags, results/console.log.</translation>
    </message>
    <message>
        <source>The folder holds no finished result.</source>
        <translation>Der Ordner enthält kein fertiges Ergebnis.</translation>
    </message>
    <message>
        <source>Let the job run to its end there first: ./run.sh, or ./run.sh --resume after a failure.</source>
        <translation>Lassen Sie den Auftrag dort erst zu Ende laufen: ./run.sh, nach einem Fehler ./run.sh --resume.</translation>
    </message>
    <message>
        <source>The result of the job cannot be read: {reason}.</source>
        <translation>Das Ergebnis des Auftrags ist nicht lesbar: {reason}.</translation>
    </message>
    <message>
        <source>Run the job again.</source>
        <translation>Lassen Sie den Auftrag noch einmal laufen.</translation>
    </message>
    <message>
        <source>The result was made from another {what} than this job holds.</source>
        <translation>Das Ergebnis entstand aus einem anderen ({what}), als dieser Auftrag enthält.</translation>
    </message>
    <message>
        <source>Run this job again; its result must not be mixed with another&apos;s.</source>
        <translation>Lassen Sie diesen Auftrag noch einmal laufen; sein Ergebnis darf nicht mit dem eines anderen vermischt werden.</translation>
    </message>
    <message>
        <source>{file} is not the file that the compiler wrote: its digest differs.</source>
        <translation>{file} ist nicht die Datei, die der Compiler schrieb: Die Prüfsumme ist eine andere.</translation>
    </message>
    <message>
        <source>Copy the folder again, or run the job again.</source>
        <translation>Kopieren Sie den Ordner neu, oder lassen Sie den Auftrag noch einmal laufen.</translation>
    </message>
    <message>
        <source>The HEF is for {found}, the job asked for {wanted}.</source>
        <translation>Das HEF ist für {found}, der Auftrag verlangte {wanted}.</translation>
    </message>
    <message>
        <source>See that the toolchain serves the chip; the compiler fell back to its own default.</source>
        <translation>Sehen Sie, ob der Compiler den Chip bedient; er fiel auf seine Voreinstellung zurück.</translation>
    </message>
    <message>
        <source>The result is an emulation HEF, not one of the vendor&apos;s compiler.</source>
        <translation>Das Ergebnis ist ein Emulations-HEF, keines vom Compiler des Herstellers.</translation>
    </message>
    <message>
        <source>Take the HEF that the compiler wrote.</source>
        <translation>Nehmen Sie das HEF, das der Compiler schrieb.</translation>
    </message>
    <message>
        <source>The compiler&apos;s HEF does not open: the runtime would refuse it.</source>
        <translation>Das HEF des Compilers lässt sich nicht öffnen: Die Laufzeit würde es ablehnen.</translation>
    </message>
    <message>
        <source>Run the job again; keep the folder if it stays so.</source>
        <translation>Lassen Sie den Auftrag noch einmal laufen; bewahren Sie den Ordner auf, wenn es so bleibt.</translation>
    </message>
    <message>
        <source>The HEF has {found} outputs, the job asked for {wanted}.</source>
        <translation>Das HEF hat {found} Ausgänge, der Auftrag verlangte {wanted}.</translation>
    </message>
    <message>
        <source>Compare hefc inspect with the README of the job before using it.</source>
        <translation>Vergleichen Sie hefc inspect mit der README des Auftrags, bevor Sie es benutzen.</translation>
    </message>
    <message>
        <source>The script&apos;s {command} names a file, which a job does not take along.</source>
        <translation>{command} im Skript nennt eine Datei, die ein Auftrag nicht mitnimmt.</translation>
    </message>
    <message>
        <source>Take the line out; box decoding is chosen with --nms hailort, which writes the compiler&apos;s file itself.</source>
        <translation>Nehmen Sie die Zeile heraus; das Dekodieren der Kästen wählt --nms hailort, das die Datei des Compilers selbst schreibt.</translation>
    </message>
    <message>
        <source>The compiler is made for {wanted} machines; this is {found}.</source>
        <translation>Der Compiler ist für {wanted} gemacht; dieser Rechner ist {found}.</translation>
    </message>
    <message>
        <source>Run the job on a PC: hefc recipe export writes it, hefc vendor import takes the result.</source>
        <translation>Lassen Sie den Auftrag auf einem PC laufen: hefc recipe export schreibt ihn, hefc vendor import holt das Ergebnis.</translation>
    </message>
    <message>
        <source>The processor lacks {flag}, which the compiler&apos;s TensorFlow needs.</source>
        <translation>Dem Prozessor fehlt {flag}, das das TensorFlow des Compilers braucht.</translation>
    </message>
    <message>
        <source>Run the job on a newer machine; in a virtual machine, pass the host&apos;s processor through.</source>
        <translation>Lassen Sie den Auftrag auf einem neueren Rechner laufen; reichen Sie in einer virtuellen Maschine den Prozessor des Wirts durch.</translation>
    </message>
    <message>
        <source>The compiler needs {needed} of memory and recommends {recommended}; this machine has {found}.</source>
        <translation>Der Compiler braucht {needed} Speicher und empfiehlt {recommended}; dieser Rechner hat {found}.</translation>
    </message>
    <message>
        <source>Close other programs and add swap space, or run large networks elsewhere.</source>
        <translation>Schließen Sie andere Programme und ergänzen Sie Auslagerungsspeicher, oder lassen Sie große Netze anderswo laufen.</translation>
    </message>
    <message>
        <source>{advised} of free disk are advised; {found} are free here.</source>
        <translation>{advised} freier Platz werden geraten; hier sind {found} frei.</translation>
    </message>
    <message>
        <source>Enough for small networks; fine-tuning on many pictures may need more.</source>
        <translation>Genug für kleine Netze; Feinabstimmung mit vielen Bildern kann mehr brauchen.</translation>
    </message>
    <message>
        <source>{found} are free here; a job needs {needed}.</source>
        <translation>Hier sind {found} frei; ein Auftrag braucht {needed}.</translation>
    </message>
    <message>
        <source>Free space, or write the result to another disk.</source>
        <translation>Schaffen Sie Platz, oder schreiben Sie das Ergebnis auf einen anderen Datenträger.</translation>
    </message>
    <message>
        <source>The variable {name} is not set; the compiler asks for it.</source>
        <translation>Die Variable {name} ist nicht gesetzt; der Compiler fragt danach.</translation>
    </message>
    <message>
        <source>Nothing to do: HEF Studio sets it for the compiler.</source>
        <translation>Nichts zu tun: HEF Studio setzt sie für den Compiler.</translation>
    </message>
    <message>
        <source>The home folder {home} cannot be written.</source>
        <translation>In den Heimordner {home} kann nicht geschrieben werden.</translation>
    </message>
    <message>
        <source>The compiler writes settings there; set HOME to a folder of yours.</source>
        <translation>Der Compiler schreibt Einstellungen dorthin; setzen Sie HOME auf einen Ihrer Ordner.</translation>
    </message>
    <message>
        <source>The folder {folder} of TMPDIR cannot be written.</source>
        <translation>In den Ordner {folder} aus TMPDIR kann nicht geschrieben werden.</translation>
    </message>
    <message>
        <source>Nothing to do for jobs of HEF Studio, which use the work folder; other programs may fail.</source>
        <translation>Für Aufträge von HEF Studio ist nichts zu tun, sie nutzen den Arbeitsordner; andere Programme können scheitern.</translation>
    </message>
    <message>
        <source>{name} is set to {value} and would mix other packages into the compiler&apos;s.</source>
        <translation>{name} ist auf {value} gesetzt und würde dem Compiler fremde Pakete unterschieben.</translation>
    </message>
    <message>
        <source>Nothing to do: HEF Studio takes it away for the compiler.</source>
        <translation>Nichts zu tun: HEF Studio nimmt sie für den Compiler weg.</translation>
    </message>
    <message>
        <source>The compiler&apos;s own check complains about these variables: {names}.</source>
        <translation>Die eigene Prüfung des Compilers beanstandet diese Variablen: {names}.</translation>
    </message>
    <message>
        <source>Nothing to do: HEF Studio takes them away for the compiler.</source>
        <translation>Nichts zu tun: HEF Studio nimmt sie für den Compiler weg.</translation>
    </message>
    <message>
        <source>The program {program} is not installed.</source>
        <translation>Das Programm {program} ist nicht installiert.</translation>
    </message>
    <message>
        <source>Not needed for a HEF; the compiler draws its graphs with it (package graphviz).</source>
        <translation>Für ein HEF nicht nötig; der Compiler zeichnet damit seine Graphen (Paket graphviz).</translation>
    </message>
    <message>
        <source>No NVIDIA GPU was found: the compiler will lower its effort of optimisation.</source>
        <translation>Keine NVIDIA-GPU gefunden: Der Compiler wird seinen Optimierungsaufwand senken.</translation>
    </message>
    <message>
        <source>Fine for the preset fast; for balanced and accurate use a machine with one.</source>
        <translation>In Ordnung für die Voreinstellung fast; nehmen Sie für balanced und accurate einen Rechner mit GPU.</translation>
    </message>
    <message>
        <source>{engine} is not installed.</source>
        <translation>{engine} ist nicht installiert.</translation>
    </message>
    <message>
        <source>Only needed for a toolchain in a container.</source>
        <translation>Nur für einen Compiler im Container nötig.</translation>
    </message>
    <message>
        <source>{engine} runs, but your user may not use it.</source>
        <translation>{engine} läuft, aber Ihr Benutzer darf es nicht nutzen.</translation>
    </message>
    <message>
        <source>Add yourself to its group (sudo usermod -aG docker $USER, then log in again), or use rootless mode.</source>
        <translation>Nehmen Sie sich in seine Gruppe auf (sudo usermod -aG docker $USER, dann neu anmelden), oder nutzen Sie den Modus ohne Root.</translation>
    </message>
    <message>
        <source>{engine} is installed but does not answer: {reason}.</source>
        <translation>{engine} ist installiert, antwortet aber nicht: {reason}.</translation>
    </message>
    <message>
        <source>Start its service (sudo systemctl start docker).</source>
        <translation>Starten Sie seinen Dienst (sudo systemctl start docker).</translation>
    </message>
    <message>
        <source>The compiler&apos;s version {version} is not one that HEF Studio knows.</source>
        <translation>Die Version {version} des Compilers kennt HEF Studio nicht.</translation>
    </message>
    <message>
        <source>It may work; which chips it serves is not checked.</source>
        <translation>Es mag gehen; welche Chips er bedient, wird nicht geprüft.</translation>
    </message>
    <message>
        <source>Compiler {version} is made for Python {wanted}; this is {found}.</source>
        <translation>Compiler {version} ist für Python {wanted} gemacht; dies ist {found}.</translation>
    </message>
    <message>
        <source>Install the wheel in an environment of that Python.</source>
        <translation>Installieren Sie das Wheel in einer Umgebung mit diesem Python.</translation>
    </message>
    <message>
        <source>numpy {found} is too new for this compiler.</source>
        <translation>numpy {found} ist zu neu für diesen Compiler.</translation>
    </message>
    <message>
        <source>In its environment: pip install &quot;numpy&lt;{below}&quot;.</source>
        <translation>In seiner Umgebung: pip install &quot;numpy&lt;{below}&quot;.</translation>
    </message>
    <message>
        <source>{name} is not as it was when it was added.</source>
        <translation>{name} ist nicht mehr so, wie er hinzugefügt wurde.</translation>
    </message>
    <message>
        <source>Add it again, so that recipes record what is used: hefc vendor remove {name}, then hefc vendor add.</source>
        <translation>Fügen Sie ihn neu hinzu, damit Rezepte festhalten, was benutzt wird: hefc vendor remove {name}, dann hefc vendor add.</translation>
    </message>
    <message>
        <source>The file is not written in the part of YAML that network files use: {wanted} was expected.</source>
        <translation>Die Datei ist nicht in dem Teil von YAML geschrieben, den Netzdateien nutzen: Erwartet wurde {wanted}.</translation>
    </message>
    <message>
        <source>Correct the line; anchors, tags and block texts are not read.</source>
        <translation>Berichtigen Sie die Zeile; Anker, Marken und Blocktexte werden nicht gelesen.</translation>
    </message>
    <message>
        <source>This is no network file of a model zoo.</source>
        <translation>Das ist keine Netzdatei eines Modellzoos.</translation>
    </message>
    <message>
        <source>Give the YAML that names the parser&apos;s nodes, such as yolov8n.yaml.</source>
        <translation>Geben Sie die YAML-Datei an, die die Knoten des Parsers nennt, etwa yolov8n.yaml.</translation>
    </message>
    <message>
        <source>A recipe has no word for this; it was left out: {what}.</source>
        <translation>Ein Rezept hat dafür kein Wort; es blieb weg: {what}.</translation>
    </message>
    <message>
        <source>See whether the prepared model or the calibration set covers it.</source>
        <translation>Sehen Sie, ob das vorbereitete Modell oder der Kalibriersatz es abdeckt.</translation>
    </message>
    <message>
        <source>{count} statements of the script name layers of the original network.</source>
        <translation>{count} Anweisungen des Skripts nennen Schichten des ursprünglichen Netzes.</translation>
    </message>
    <message>
        <source>They hold only where the layers&apos; numbers stay; take them out if the compiler does not know the names.</source>
        <translation>Sie gelten nur, wo die Nummern der Schichten bleiben; nehmen Sie sie heraus, wenn der Compiler die Namen nicht kennt.</translation>
    </message>
    <message>
        <source>The file is based on {base}, which is not there.</source>
        <translation>Die Datei beruht auf {base}, das fehlt.</translation>
    </message>
    <message>
        <source>Copy it beside the file; what it says is missing in the recipe.</source>
        <translation>Kopieren Sie es daneben; was es sagt, fehlt im Rezept.</translation>
    </message>
    <message>
        <source>The recipe&apos;s result is a chip HEF: only compiler {compiler} itself can make it again, and does not promise the same bytes.</source>
        <translation>Das Ergebnis des Rezepts ist ein Chip-HEF: Nur Compiler {compiler} selbst kann es noch einmal machen und verspricht nicht dieselben Bytes.</translation>
    </message>
    <message>
        <source>Compare the file&apos;s digest with result_sha256 of the lock, or convert again: hefc convert RECIPE.json --backend vendor.</source>
        <translation>Vergleichen Sie die Prüfsumme der Datei mit result_sha256 des Schlosses, oder wandeln Sie neu um: hefc convert REZEPT.json --backend vendor.</translation>
    </message>
    <message>
        <source>The outputs are made with --nms {nms}, but {reader} reads those of --nms {wanted}.</source>
        <translation>Die Ausgänge entstehen mit --nms {nms}, aber {reader} liest die von --nms {wanted}.</translation>
    </message>
    <message>
        <source>Leave --nms out: it follows --reader.</source>
        <translation>Lassen Sie --nms weg: Es folgt --reader.</translation>
    </message>
    <message>
        <source>The disk has {megabytes} MB left, which may not do for the HEF.</source>
        <translation>Auf dem Datenträger sind noch {megabytes} MB frei; das reicht vielleicht nicht für das HEF.</translation>
    </message>
    <message>
        <source>Free some space, or write the HEF elsewhere.</source>
        <translation>Platz schaffen oder das HEF woanders schreiben.</translation>
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
    <message>
        <source>Calibrate</source>
        <translation>Kalibrieren</translation>
    </message>
    <message>
        <source>colour order</source>
        <translation>Farbreihenfolge</translation>
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
    <message>
        <source>Compilers of chip HEFs…</source>
        <translation>Compiler für Chip-HEFs …</translation>
    </message>
    <message>
        <source>The built-in one makes emulation HEFs; Hailo&apos;s Dataflow Compiler, where you have it, makes chip HEFs.</source>
        <translation>Das eingebaute macht Emulations-HEFs; Hailos Dataflow Compiler, wo Sie ihn haben, macht Chip-HEFs.</translation>
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
    <message>
        <source>Choose the preset</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s) are few: 64 steady the ranges.</source>
        <translation>
            <numerusform>%n Bild ist wenig: 64 geben ruhigere Bereiche.</numerusform>
            <numerusform>%n Bilder sind wenig: 64 geben ruhigere Bereiche.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s) do; the vendor&apos;s best effort asks for 1024.</source>
        <translation>
            <numerusform>%n Bild genügt; der höchste Aufwand des Herstellers verlangt 1024.</numerusform>
            <numerusform>%n Bilder genügen; der höchste Aufwand des Herstellers verlangt 1024.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s) do.</source>
        <translation>
            <numerusform>%n Bild genügt.</numerusform>
            <numerusform>%n Bilder genügen.</numerusform>
        </translation>
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
<context>
    <name>hefstudio::CalibratePage</name>
    <message>
        <source>Choose &amp;Folder…</source>
        <translation>&amp;Ordner wählen …</translation>
    </message>
    <message>
        <source>Choose Fi&amp;les…</source>
        <translation>&amp;Dateien wählen …</translation>
    </message>
    <message>
        <source>Pictures, videos, a data.yaml, a list, or an array</source>
        <translation>Bilder, Videos, eine data.yaml, eine Liste oder ein Array</translation>
    </message>
    <message>
        <source>What will the network see?</source>
        <translation>Was wird das Netz sehen?</translation>
    </message>
    <message>
        <source>Drop a folder of pictures, a video, a data.yaml or an array here. The pictures set the range of every layer; the doctor looks for what would spoil them.</source>
        <translation>Ziehen Sie einen Bilderordner, ein Video, eine data.yaml oder ein Array hierher. Die Bilder bestimmen den Wertebereich jeder Schicht; die Prüfung sucht, was sie verdürbe.</translation>
    </message>
    <message>
        <source>calibration pictures</source>
        <translation>Kalibrierungsbilder</translation>
    </message>
    <message>
        <source>Progress of looking at the pictures</source>
        <translation>Fortschritt beim Ansehen der Bilder</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation>&amp;Exportieren …</translation>
    </message>
    <message>
        <source>Export the set</source>
        <translation>Die Menge exportieren</translation>
    </message>
    <message>
        <source>As a folder, a list or an array of what the chip sees</source>
        <translation>Als Ordner, als Liste oder als Array dessen, was der Chip sieht</translation>
    </message>
    <message>
        <source>&amp;Use This Set</source>
        <translation>Diese Menge &amp;verwenden</translation>
    </message>
    <message>
        <source>Use this set for the conversion</source>
        <translation>Diese Menge für die Umwandlung verwenden</translation>
    </message>
    <message>
        <source>Which pictures are shown</source>
        <translation>Welche Bilder gezeigt werden</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>In</source>
        <translation>Dabei</translation>
    </message>
    <message>
        <source>Left out</source>
        <translation>Weggelassen</translation>
    </message>
    <message>
        <source>Named</source>
        <translation>Beanstandet</translation>
    </message>
    <message>
        <source>Show All Again</source>
        <translation>Wieder alle zeigen</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalte</translation>
    </message>
    <message>
        <source>Number of pictures to keep</source>
        <translation>Zahl der Bilder, die bleiben</translation>
    </message>
    <message>
        <source>How they are chosen</source>
        <translation>Wie sie ausgewählt werden</translation>
    </message>
    <message>
        <source>as unlike each other as can be</source>
        <translation>einander so unähnlich wie möglich</translation>
    </message>
    <message>
        <source>at random</source>
        <translation>zufällig</translation>
    </message>
    <message>
        <source>of every class alike</source>
        <translation>von jeder Klasse gleich viele</translation>
    </message>
    <message>
        <source>seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>Seed of the choice</source>
        <translation>Startwert der Auswahl</translation>
    </message>
    <message>
        <source>&amp;Choose</source>
        <translation>Aus&amp;wählen</translation>
    </message>
    <message>
        <source>Choose the pictures to keep</source>
        <translation>Die Bilder auswählen, die bleiben</translation>
    </message>
    <message>
        <source>Put &amp;All Back</source>
        <translation>&amp;Alle zurücknehmen</translation>
    </message>
    <message>
        <source>Put all pictures back</source>
        <translation>Alle Bilder wieder aufnehmen</translation>
    </message>
    <message>
        <source>PICTURE AND INPUT</source>
        <translation>BILD UND EINGABE</translation>
    </message>
    <message>
        <source>DOCTOR</source>
        <translation>PRÜFUNG</translation>
    </message>
    <message>
        <source>Folder of pictures</source>
        <translation>Bilderordner</translation>
    </message>
    <message>
        <source>Pictures, videos, lists or an array</source>
        <translation>Bilder, Videos, Listen oder ein Array</translation>
    </message>
    <message>
        <source>All that can be a set (*.jpg *.jpeg *.png *.bmp *.webp *.tif *.tiff *.ppm *.pgm *.mp4 *.mov *.avi *.mkv *.webm *.yaml *.yml *.json *.npy *.npz *.safetensors)</source>
        <translation>Alles, was eine Menge sein kann (*.jpg *.jpeg *.png *.bmp *.webp *.tif *.tiff *.ppm *.pgm *.mp4 *.mov *.avi *.mkv *.webm *.yaml *.yml *.json *.npy *.npz *.safetensors)</translation>
    </message>
    <message>
        <source>List of the files (*.json)</source>
        <translation>Liste der Dateien (*.json)</translation>
    </message>
    <message>
        <source>Array, NumPy (*.npy)</source>
        <translation>Array, NumPy (*.npy)</translation>
    </message>
    <message>
        <source>Array, NumPy archive (*.npz)</source>
        <translation>Array, NumPy-Archiv (*.npz)</translation>
    </message>
    <message>
        <source>New folder of copies (*)</source>
        <translation>Neuer Ordner mit Kopien (*)</translation>
    </message>
    <message>
        <source>Open a network first</source>
        <translation>Öffnen Sie zuerst ein Netz</translation>
    </message>
    <message>
        <source>%1 of %2 in</source>
        <translation>%1 von %2 dabei</translation>
    </message>
    <message>
        <source>%1 samples: enough for every preset and for tuning weights.</source>
        <translation>%1 Proben: genug für jede Voreinstellung und zum Nachstellen der Gewichte.</translation>
    </message>
    <message>
        <source>%1 samples: enough for the presets; tuning weights wants 1024.</source>
        <translation>%1 Proben: genug für die Voreinstellungen; das Nachstellen der Gewichte will 1024.</translation>
    </message>
    <message>
        <source>%1 samples: 64 make ranges that can be trusted.</source>
        <translation>%1 Proben: Mit 64 werden die Bereiche verlässlich.</translation>
    </message>
    <message>
        <source>Nothing to mend.</source>
        <translation>Nichts zu beanstanden.</translation>
    </message>
</context>
<context>
    <name>hefstudio::DoctorPanel</name>
    <message>
        <source>What the doctor found</source>
        <translation>Was die Prüfung ergab</translation>
    </message>
    <message numerus="yes">
        <source>Show %n picture(s)</source>
        <translation>
            <numerusform>%n Bild zeigen</numerusform>
            <numerusform>%n Bilder zeigen</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hefstudio::PicturePreview</name>
    <message>
        <source>The picture, and what the chip gets of it</source>
        <translation>Das Bild, und was der Chip davon bekommt</translation>
    </message>
    <message>
        <source>Point at a pixel to see its values</source>
        <translation>Zeigen Sie auf ein Pixel, um seine Werte zu sehen</translation>
    </message>
    <message>
        <source>Point at a pixel to see its values on both sides</source>
        <translation>Zeigen Sie auf ein Pixel, um seine Werte auf beiden Seiten zu sehen</translation>
    </message>
    <message>
        <source>(%1, %2): %3</source>
        <translation>(%1, %2): %3</translation>
    </message>
    <message>
        <source>cut away</source>
        <translation>abgeschnitten</translation>
    </message>
    <message>
        <source>Choose a picture</source>
        <translation>Wählen Sie ein Bild</translation>
    </message>
    <message>
        <source>As stored</source>
        <translation>Wie gespeichert</translation>
    </message>
    <message>
        <source>As stored · %1</source>
        <translation>Wie gespeichert · %1</translation>
    </message>
    <message>
        <source>As the chip sees it</source>
        <translation>Wie der Chip es sieht</translation>
    </message>
    <message>
        <source>grey</source>
        <translation>grau</translation>
    </message>
    <message>
        <source>BGR</source>
        <translation>BGR</translation>
    </message>
    <message>
        <source>RGB</source>
        <translation>RGB</translation>
    </message>
    <message>
        <source>As the chip sees it · %1 · %2</source>
        <translation>Wie der Chip es sieht · %1 · %2</translation>
    </message>
    <message>
        <source>Open a network to see what it gets</source>
        <translation>Öffnen Sie ein Netz, um zu sehen, was es bekommt</translation>
    </message>
</context>
<context>
    <name>hefstudio::ContactSheet</name>
    <message>
        <source>Pictures of the set</source>
        <translation>Bilder der Menge</translation>
    </message>
    <message>
        <source>Scroll the pictures</source>
        <translation>Durch die Bilder blättern</translation>
    </message>
</context>
<context>
    <name>hefstudio::SampleModel</name>
    <message>
        <source>%1, left out</source>
        <translation>%1, weggelassen</translation>
    </message>
</context>
<context>
    <name>hefstudio::AllsEditor</name>
    <message>
        <source>Model script</source>
        <translation>Modellskript</translation>
    </message>
    <message>
        <source>One statement a line, for instance
allocator_param(timeout=5h)</source>
        <translation>Eine Anweisung je Zeile, zum Beispiel
allocator_param(timeout=5h)</translation>
    </message>
    <message>
        <source>What the check found</source>
        <translation>Was die Prüfung fand</translation>
    </message>
    <message>
        <source>Line %1: %2 %3</source>
        <translation>Zeile %1: %2 %3</translation>
    </message>
</context>
<context>
    <name>hefstudio::ScriptDialog</name>
    <message>
        <source>Model script %1</source>
        <translation>Modellskript %1</translation>
    </message>
    <message numerus="yes">
        <source>%n remark(s)</source>
        <translation>
            <numerusform>%n Anmerkung</numerusform>
            <numerusform>%n Anmerkungen</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing to remark. Ctrl+Space completes.</source>
        <translation>Nichts anzumerken. Strg+Leertaste ergänzt.</translation>
    </message>
    <message>
        <source>Saved.</source>
        <translation>Gespeichert.</translation>
    </message>
    <message>
        <source>Save the changes to the script?</source>
        <translation>Die Änderungen am Skript speichern?</translation>
    </message>
</context>
<context>
    <name>hefstudio::ToolchainDialog</name>
    <message>
        <source>Compilers of chip HEFs</source>
        <translation>Compiler für Chip-HEFs</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>hefstudio::ToolchainPanel</name>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Compilers</source>
        <translation>Compiler</translation>
    </message>
    <message>
        <source>Add environment…</source>
        <translation>Umgebung hinzufügen …</translation>
    </message>
    <message>
        <source>Add image…</source>
        <translation>Abbild hinzufügen …</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Examine again</source>
        <translation>Erneut prüfen</translation>
    </message>
    <message>
        <source>COMPILERS OF CHIP HEFS</source>
        <translation>COMPILER FÜR CHIP-HEFS</translation>
    </message>
    <message>
        <source>THIS MACHINE</source>
        <translation>DIESER RECHNER</translation>
    </message>
    <message>
        <source>What the examination found</source>
        <translation>Was die Untersuchung fand</translation>
    </message>
    <message>
        <source>version unknown</source>
        <translation>Version unbekannt</translation>
    </message>
    <message>
        <source>version %1</source>
        <translation>Version %1</translation>
    </message>
    <message>
        <source>%1 — %2, for %3</source>
        <translation>%1 – %2, für %3</translation>
    </message>
    <message>
        <source>None yet. Hailo&apos;s Dataflow Compiler is had at hailo.ai/developer-zone; add the Python of its environment or its container image.</source>
        <translation>Noch keiner. Hailos Dataflow Compiler gibt es auf hailo.ai/developer-zone; fügen Sie das Python seiner Umgebung oder sein Container-Abbild hinzu.</translation>
    </message>
    <message>
        <source>Fine: %1</source>
        <translation>In Ordnung: %1</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>bereit</translation>
    </message>
    <message>
        <source>not ready</source>
        <translation>nicht bereit</translation>
    </message>
    <message>
        <source>asking…</source>
        <translation>fragt …</translation>
    </message>
    <message>
        <source>Looking for environments and images…</source>
        <translation>Sucht Umgebungen und Abbilder …</translation>
    </message>
    <message numerus="yes">
        <source>%n compiler(s) found and added.</source>
        <translation>
            <numerusform>%n Compiler gefunden und hinzugefügt.</numerusform>
            <numerusform>%n Compiler gefunden und hinzugefügt.</numerusform>
        </translation>
    </message>
    <message>
        <source>No other compiler was found.</source>
        <translation>Kein weiterer Compiler gefunden.</translation>
    </message>
    <message>
        <source>The environment&apos;s interpreter (bin/python)</source>
        <translation>Der Interpreter der Umgebung (bin/python)</translation>
    </message>
    <message>
        <source>Add image</source>
        <translation>Abbild hinzufügen</translation>
    </message>
    <message>
        <source>The image&apos;s name, as &quot;docker images&quot; shows it:</source>
        <translation>Der Name des Abbilds, wie „docker images“ ihn zeigt:</translation>
    </message>
    <message>
        <source>Asking %1…</source>
        <translation>Fragt %1 …</translation>
    </message>
    <message>
        <source>Added.</source>
        <translation>Hinzugefügt.</translation>
    </message>
</context>
<context>
    <name>hefstudio::BenchPage</name>
    <message numerus="yes">
        <source>%n picture(s)</source>
        <translation>
            <numerusform>%n Bild</numerusform>
            <numerusform>%n Bilder</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hefstudio::PreflightPanel</name>
    <message numerus="yes">
        <source>Network read: %n layer(s)</source>
        <translation>
            <numerusform>Netz gelesen: %n Schicht</numerusform>
            <numerusform>Netz gelesen: %n Schichten</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n calibration sample(s)</source>
        <translation>
            <numerusform>%n Kalibrierbild</numerusform>
            <numerusform>%n Kalibrierbilder</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hefstudio::ChipHefDialog</name>
    <message numerus="yes">
        <source>Written, with %n sample(s). Run it where the compiler is: %1/run.sh --python … or --docker …</source>
        <translation>
            <numerusform>Geschrieben, mit %n Bild. Dort ausführen, wo der Compiler ist: %1/run.sh --python … oder --docker …</numerusform>
            <numerusform>Geschrieben, mit %n Bildern. Dort ausführen, wo der Compiler ist: %1/run.sh --python … oder --docker …</numerusform>
        </translation>
    </message>
</context>
</TS>
