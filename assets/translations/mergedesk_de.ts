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
    <name>ActionBar</name>
    <message>
        <source>Others…</source>
        <translation>Andere …</translation>
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
        <source>Weights are written to as many files as this needs. Empty: the same files as the base's.</source>
        <translation>Die Gewichte kommen in so viele Dateien, wie es dafür braucht. Leer: dieselben Dateien wie bei der Basis.</translation>
    </message>
    <message>
        <source>files of at most {size}</source>
        <translation>Dateien bis {size}</translation>
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
</context>
<context>
    <name>AppearancePart</name>
    <message>
        <source>&amp;Language</source>
        <translation>S&amp;prache</translation>
    </message>
    <message>
        <source>&amp;Colours</source>
        <translation>&amp;Farben</translation>
    </message>
    <message>
        <source>&amp;Size of text</source>
        <translation>Schrift&amp;größe</translation>
    </message>
    <message>
        <source>Language and looks</source>
        <translation>Sprache und Aussehen</translation>
    </message>
    <message>
        <source>As the system</source>
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
        <source>High contrast</source>
        <translation>Hoher Kontrast</translation>
    </message>
    <message>
        <source>{points} pt</source>
        <translation>{points} pt</translation>
    </message>
    <message>
        <source>As the system ({points} pt)</source>
        <translation>Wie das System ({points} pt)</translation>
    </message>
</context>
<context>
    <name>Arrivals</name>
    <message>
        <source>Opened from outside</source>
        <translation>Von außen geöffnet</translation>
    </message>
    <message>
        <source>Replace what is chosen in the form?</source>
        <translation>Ersetzen, was im Formular gewählt ist?</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Ersetzen</translation>
    </message>
    <message>
        <source>Keep what is chosen</source>
        <translation>Gewähltes behalten</translation>
    </message>
    <message>
        <source>Another program asked MergeDesk to open folders.</source>
        <translation>Ein anderes Programm ließ MergeDesk Ordner öffnen.</translation>
    </message>
</context>
<context>
    <name>BasesList</name>
    <message>
        <source>Base models</source>
        <translation>Basismodelle</translation>
    </message>
    <message>
        <source>Add a &amp;base model…</source>
        <translation>&amp;Basismodell hinzufügen…</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>&amp;Entfernen</translation>
    </message>
    <message>
        <source>Base &amp;models</source>
        <translation>Basis&amp;modelle</translation>
    </message>
    <message>
        <source>Add a base model</source>
        <translation>Basismodell hinzufügen</translation>
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
        <source>The share of each adapter's values that is kept.</source>
        <translation>Der Anteil der Werte, die von jedem Adapter bleiben.</translation>
    </message>
    <message>
        <source>The same seed drops the same values again.</source>
        <translation>Derselbe Startwert lässt wieder dieselben Werte weg.</translation>
    </message>
</context>
<context>
    <name>Commands</name>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>Bearbe&amp;iten</translation>
    </message>
    <message>
        <source>&amp;Merge</source>
        <translation>Ver&amp;schmelzen</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;Verify</source>
        <translation>&amp;Verifizieren</translation>
    </message>
    <message>
        <source>Choose &amp;merged model…</source>
        <translation>V&amp;erschmolzenes Modell wählen …</translation>
    </message>
    <message>
        <source>Choose &amp;output folder…</source>
        <translation>&amp;Ergebnisordner wählen …</translation>
    </message>
    <message>
        <source>&amp;Before verifying</source>
        <translation>V&amp;or dem Verifizieren</translation>
    </message>
    <message>
        <source>&amp;Before the merge</source>
        <translation>V&amp;or dem Verschmelzen</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>R&amp;edo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>&amp;Undo: {change}</source>
        <translation>&amp;Rückgängig: {change}</translation>
    </message>
    <message>
        <source>R&amp;edo: {change}</source>
        <translation>&amp;Wiederholen: {change}</translation>
    </message>
    <message>
        <source>&amp;New merge</source>
        <translation>Neue Verschmel&amp;zung</translation>
    </message>
    <message>
        <source>Choose &amp;base model…</source>
        <translation>&amp;Basismodell wählen …</translation>
    </message>
    <message>
        <source>Choose &amp;adapter…</source>
        <translation>&amp;Adapter wählen …</translation>
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
        <source>Open &amp;merged folder</source>
        <translation>&amp;Verschmolzenen Ordner öffnen</translation>
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
        <source>&amp;Past merges…</source>
        <translation>&amp;Frühere Verschmelzungen …</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>Been&amp;den</translation>
    </message>
    <message>
        <source>&amp;Clear all inputs</source>
        <translation>Alle Eingaben &amp;leeren</translation>
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
        <source>Prefere&amp;nces…</source>
        <translation>E&amp;instellungen …</translation>
    </message>
    <message>
        <source>&amp;Add to queue</source>
        <translation>&amp;In die Warteschlange</translation>
    </message>
    <message>
        <source>&amp;One merge each…</source>
        <translation>&amp;Je eine Verschmelzung…</translation>
    </message>
    <message>
        <source>Turn to mer&amp;ging</source>
        <translation>Zum &amp;Verschmelzen wechseln</translation>
    </message>
    <message>
        <source>Turn to verif&amp;ying a merge</source>
        <translation>Zum V&amp;erifizieren wechseln</translation>
    </message>
    <message>
        <source>Verify every&amp;thing</source>
        <translation>Alles veri&amp;fizieren</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message>
        <source>&amp;Result</source>
        <translation>Er&amp;gebnis</translation>
    </message>
    <message>
        <source>&amp;Effect</source>
        <translation>&amp;Wirkung</translation>
    </message>
    <message>
        <source>Try &amp;it</source>
        <translation>Aus&amp;probieren</translation>
    </message>
    <message>
        <source>&amp;Use it</source>
        <translation>&amp;Benutzen</translation>
    </message>
    <message>
        <source>&amp;Queue</source>
        <translation>War&amp;teschlange</translation>
    </message>
    <message>
        <source>&amp;Library</source>
        <translation>Bib&amp;liothek</translation>
    </message>
    <message>
        <source>&amp;Manual</source>
        <translation>&amp;Handbuch</translation>
    </message>
    <message>
        <source>&amp;How merging works</source>
        <translation>&amp;Wie das Verschmelzen geht</translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts…</source>
        <translation>&amp;Tastenkürzel …</translation>
    </message>
    <message>
        <source>Copy &amp;diagnostics…</source>
        <translation>&amp;Diagnose kopieren …</translation>
    </message>
    <message>
        <source>&amp;Show the log…</source>
        <translation>Protokoll a&amp;nzeigen …</translation>
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
        <source>The adapter is filled in. Its base model is not on this computer, and nothing is fetched by itself: enter {name} (270 MB) as the base model to download it from the hub, or choose its folder.</source>
        <translation>Der Adapter ist eingetragen. Sein Basismodell ist nicht auf diesem Rechner, und von selbst wird nichts geholt: {name} (270 MB) als Basismodell eingeben, um es vom Hub zu laden, oder seinen Ordner wählen.</translation>
    </message>
    <message>
        <source>Merge a small model and an adapter that makes it speak like a ship's captain.</source>
        <translation>Verschmelzen Sie ein kleines Modell mit einem Adapter, der es wie einen Schiffskapitän reden lässt.</translation>
    </message>
</context>
<context>
    <name>DemoController</name>
    <message>
        <source>Looking for the demo's model…</source>
        <translation>Das Modell der Demo wird gesucht …</translation>
    </message>
    <message>
        <source>Unpacking the demo's model; this takes up to a minute…</source>
        <translation>Das Modell der Demo wird entpackt; das dauert bis zu einer Minute …</translation>
    </message>
</context>
<context>
    <name>DeployController</name>
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
        <source>What is used</source>
        <translation>Was benutzt wird</translation>
    </message>
    <message>
        <source>Looking at the folder…</source>
        <translation>Der Ordner wird angesehen …</translation>
    </message>
    <message>
        <source>What was looked at</source>
        <translation>Was angesehen wurde</translation>
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
        <source>Merged model</source>
        <translation>Verschmolzenes Modell</translation>
    </message>
    <message>
        <source>The folder that was merged</source>
        <translation>Der Ordner, der verschmolzen wurde</translation>
    </message>
    <message>
        <source>The adapter beside its base, as servers of several adapters take it</source>
        <translation>Der Adapter neben seiner Basis, wie Server mit mehreren Adaptern ihn nehmen</translation>
    </message>
    <message>
        <source>Adapter, unmerged</source>
        <translation>Adapter, unverschmolzen</translation>
    </message>
    <message>
        <source>The verification found that this folder is not the merge it should be. Put that right first.</source>
        <translation>Das Verifizieren ergab, dass dieser Ordner nicht die Verschmelzung ist, die er sein soll. Das zuerst in Ordnung bringen.</translation>
    </message>
    <message>
        <source>Use the merged model</source>
        <translation>Das verschmolzene Modell benutzen</translation>
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
        <source>A verification is running</source>
        <translation>Es wird gerade verifiziert</translation>
    </message>
    <message>
        <source>A verification is running. Cancel it and quit?</source>
        <translation>Es wird gerade verifiziert. Abbrechen und beenden?</translation>
    </message>
    <message>
        <source>Cancel verification and quit</source>
        <translation>Abbrechen und beenden</translation>
    </message>
    <message>
        <source>Keep verifying</source>
        <translation>Weiter verifizieren</translation>
    </message>
    <message>
        <source>The merge has been running for a while. Cancel it?</source>
        <translation>Die Verschmelzung läuft schon eine Weile. Abbrechen?</translation>
    </message>
    <message>
        <source>Cancel merge</source>
        <translation>Verschmelzung abbrechen</translation>
    </message>
    <message>
        <source>The verification has been running for a while. Cancel it?</source>
        <translation>Die Verifikation läuft schon eine Weile. Abbrechen?</translation>
    </message>
    <message>
        <source>Cancel verification</source>
        <translation>Verifikation abbrechen</translation>
    </message>
    <message>
        <source>The queue is at work</source>
        <translation>Die Warteschlange arbeitet</translation>
    </message>
    <message>
        <source>A job of the queue is running. Quit all the same?</source>
        <translation>Ein Auftrag der Warteschlange läuft. Trotzdem beenden?</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Keep working</source>
        <translation>Weiterarbeiten</translation>
    </message>
    <message>
        <source>The queue is kept. The next start offers to go on with it.</source>
        <translation>Die Warteschlange bleibt erhalten. Beim nächsten Start lässt sie sich fortsetzen.</translation>
    </message>
    <message>
        <source>MergeDesk</source>
        <translation>MergeDesk</translation>
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
        <source>It adds the adapter's change to the base's weights. The result is an ordinary model of the base's class: it needs no PEFT, and answers as fast as the base.</source>
        <translation>Die Änderung des Adapters wird zu den Gewichten der Basis addiert. Heraus kommt ein gewöhnliches Modell von der Klasse der Basis: Es braucht kein PEFT und antwortet so schnell wie die Basis.</translation>
    </message>
    <message>
        <source>Why it is verified</source>
        <translation>Warum verifiziert wird</translation>
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
        <source>Looking at {name} on the hub…</source>
        <translation>{name} wird auf dem Hub angesehen …</translation>
    </message>
    <message>
        <source>Model or adapter: each goes to its own field.</source>
        <translation>Modell oder Adapter: Jeder Ordner kommt in sein Feld.</translation>
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
        <source>The colours go from the smallest value here, {least}, to the largest, {most}. They show where values differ, however little, and not how large they are.</source>
        <translation>Die Farben gehen vom kleinsten Wert hier, {least}, bis zum größten, {most}. Sie zeigen, wo sich Werte unterscheiden, wie wenig auch immer, und nicht, wie groß sie sind.</translation>
    </message>
    <message>
        <source>The colours go from 0 to {most}.</source>
        <translation>Die Farben gehen von 0 bis {most}.</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Save picture</source>
        <translation>Bild speichern</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>Tabelle</translation>
    </message>
    <message>
        <source>Save table</source>
        <translation>Tabelle speichern</translation>
    </message>
    <message>
        <source>What the map shows</source>
        <translation>Was die Karte zeigt</translation>
    </message>
    <message>
        <source>From the smallest value to the largest: shows differences</source>
        <translation>Vom kleinsten Wert zum größten: zeigt Unterschiede</translation>
    </message>
    <message>
        <source>From nothing to the largest value: shows sizes</source>
        <translation>Von null bis zum größten Wert: zeigt Größen</translation>
    </message>
    <message>
        <source>Differences</source>
        <translation>Unterschiede</translation>
    </message>
    <message>
        <source>Sizes</source>
        <translation>Größen</translation>
    </message>
    <message>
        <source>What the colours show</source>
        <translation>Was die Farben zeigen</translation>
    </message>
    <message>
        <source>Outside of the layers</source>
        <translation>Außerhalb der Schichten</translation>
    </message>
    <message>
        <source>Save pic&amp;ture…</source>
        <translation>Bild spei&amp;chern …</translation>
    </message>
    <message>
        <source>Save tab&amp;le…</source>
        <translation>Tabe&amp;lle speichern …</translation>
    </message>
</context>
<context>
    <name>EffectTable</name>
    <message>
        <source>Changes as a table</source>
        <translation>Änderungen als Tabelle</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>Wo</translation>
    </message>
</context>
<context>
    <name>EntryDetails</name>
    <message>
        <source>Use as adapter</source>
        <translation>Als Adapter nehmen</translation>
    </message>
    <message>
        <source>Use as base</source>
        <translation>Als Basis nehmen</translation>
    </message>
    <message>
        <source>Merge with its base</source>
        <translation>Mit seiner Basis verschmelzen</translation>
    </message>
    <message>
        <source>Show its base</source>
        <translation>Basis zeigen</translation>
    </message>
    <message>
        <source>Show its adapters</source>
        <translation>Adapter dazu zeigen</translation>
    </message>
    <message>
        <source>Get its base from the hub</source>
        <translation>Basis vom Hub holen</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>Copy path</source>
        <translation>Pfad kopieren</translation>
    </message>
    <message>
        <source>Remove from the list</source>
        <translation>Aus der Liste nehmen</translation>
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
    <name>FollowUps</name>
    <message>
        <source>Removing…</source>
        <translation>Wird entfernt …</translation>
    </message>
</context>
<context>
    <name>FormUndo</name>
    <message>
        <source>Undone: {change}.</source>
        <translation>Rückgängig gemacht: {change}.</translation>
    </message>
    <message>
        <source>Redone: {change}.</source>
        <translation>Wiederholt: {change}.</translation>
    </message>
    <message>
        <source>All inputs are empty. Undo brings them back.</source>
        <translation>Alle Eingaben sind leer. „Rückgängig“ holt sie zurück.</translation>
    </message>
</context>
<context>
    <name>GgufBox</name>
    <message>
        <source>Made by llama.cpp’s own code, into a new folder. Each file is proved.</source>
        <translation>Von llama.cpps eigenem Code gemacht, in einen neuen Ordner. Jede Datei wird geprüft.</translation>
    </message>
    <message>
        <source>Make GGUF</source>
        <translation>GGUF erzeugen</translation>
    </message>
    <message>
        <source>Stop making GGUF files</source>
        <translation>Erstellen der GGUF-Dateien anhalten</translation>
    </message>
    <message>
        <source>Add the GGUF files to the queue</source>
        <translation>Die GGUF-Dateien in die Warteschlange aufnehmen</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Add to queue</source>
        <translation>In die Warteschlange</translation>
    </message>
    <message>
        <source>GGUF files</source>
        <translation>GGUF-Dateien</translation>
    </message>
    <message>
        <source>GGUF files of this model</source>
        <translation>GGUF-Dateien dieses Modells</translation>
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
        <source>Search past merges</source>
        <translation>Frühere Verschmelzungen durchsuchen</translation>
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
        <source>Outcome</source>
        <translation>Ausgang</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <source>Result, effect, trial and use of this merge, as after it was made</source>
        <translation>Ergebnis, Wirkung, Versuch und Verwendung dieser Verschmelzung, wie nachdem sie fertig war</translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>Ö&amp;ffnen</translation>
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
        <source>&amp;Try again</source>
        <translation>Noch einmal v&amp;ersuchen</translation>
    </message>
    <message>
        <source>Clear the list</source>
        <translation>Liste leeren</translation>
    </message>
    <message>
        <source>Remove all merges from the list?</source>
        <translation>Alle Verschmelzungen aus der Liste entfernen?</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>The merged folders stay.</source>
        <translation>Die Ordner mit den Ergebnissen bleiben.</translation>
    </message>
    <message>
        <source>&amp;Verify this merge</source>
        <translation>Diese Verschmelzung &amp;verifizieren</translation>
    </message>
    <message>
        <source>C&amp;lear the list…</source>
        <translation>&amp;Liste leeren…</translation>
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
    <name>HubBar</name>
    <message>
        <source>Download</source>
        <translation>Herunterladen</translation>
    </message>
    <message>
        <source>Do not keep the base on this computer</source>
        <translation>Die Basis nicht auf diesem Computer behalten</translation>
    </message>
    <message>
        <source>Do not &amp;keep the base</source>
        <translation>Basis &amp;nicht behalten</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>Enter a token…</source>
        <translation>Token eingeben …</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Go on with the download</source>
        <translation>Download fortsetzen</translation>
    </message>
</context>
<context>
    <name>HubField</name>
    <message>
        <source>Looking at {name} on the hub…</source>
        <translation>{name} wird auf dem Hub angesehen …</translation>
    </message>
    <message>
        <source>Getting ready…</source>
        <translation>Wird vorbereitet …</translation>
    </message>
</context>
<context>
    <name>InputsPanel</name>
    <message>
        <source>Clear all inputs</source>
        <translation>Alle Eingaben leeren</translation>
    </message>
    <message>
        <source>&amp;Precision</source>
        <translation>&amp;Genauigkeit</translation>
    </message>
    <message>
        <source>How to merge</source>
        <translation>Art der Verschmelzung</translation>
    </message>
</context>
<context>
    <name>JudgedPanel</name>
    <message>
        <source>Peak memory</source>
        <translation>Höchster Speicher</translation>
    </message>
    <message>
        <source>With the libraries</source>
        <translation>Mit den Bibliotheken</translation>
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
    <name>Language</name>
    <message>
        <source>en</source>
        <translation>de</translation>
    </message>
</context>
<context>
    <name>Library</name>
    <message>
        <source>Merged here</source>
        <translation>Hier verschmolzen</translation>
    </message>
    <message>
        <source>Adapter</source>
        <translation>Adapter</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Files with weights are missing.</source>
        <translation>Dateien mit Gewichten fehlen.</translation>
    </message>
    <message>
        <source>Made of {inputs}</source>
        <translation>Gemacht aus {inputs}</translation>
    </message>
    <message>
        <source>Trained on {base}, which is on this computer.</source>
        <translation>Trainiert auf {base}; das Modell ist auf diesem Rechner.</translation>
    </message>
    <message>
        <source>Trained on {base}, which is not on this computer.</source>
        <translation>Trainiert auf {base}; das Modell ist nicht auf diesem Rechner.</translation>
    </message>
    <message>
        <source>{name} is among the adapters now.</source>
        <translation>{name} ist jetzt unter den Adaptern.</translation>
    </message>
    <message>
        <source>{name} is the base model now.</source>
        <translation>{name} ist jetzt das Basismodell.</translation>
    </message>
    <message>
        <source>{name} is the model to verify now.</source>
        <translation>{name} ist jetzt das Modell, das verifiziert wird.</translation>
    </message>
</context>
<context>
    <name>LibraryController</name>
    <message>
        <source>Choose a folder to look in</source>
        <translation>Einen Ordner wählen, in dem gesucht wird</translation>
    </message>
    <message>
        <source>The path is on the clipboard.</source>
        <translation>Der Pfad ist in der Zwischenablage.</translation>
    </message>
    <message>
        <source>{name} is no longer listed. The folder stays.</source>
        <translation>{name} steht nicht mehr in der Liste. Der Ordner bleibt.</translation>
    </message>
</context>
<context>
    <name>LibraryModel</name>
    <message>
        <source>The day on which the latest of its files was written</source>
        <translation>Der Tag, an dem die jüngste seiner Dateien geschrieben wurde</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>Klasse</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Base</source>
        <translation>Basis</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>Datum</translation>
    </message>
</context>
<context>
    <name>LibraryPage</name>
    <message>
        <source>Models and adapters on this computer</source>
        <translation>Modelle und Adapter auf diesem Rechner</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>Es wird gesucht …</translation>
    </message>
    <message>
        <source>Adapters that were trained on {name}</source>
        <translation>Adapter, die auf {name} trainiert wurden</translation>
    </message>
    <message>
        <source>Nothing in the library is like that.</source>
        <translation>Nichts in der Bibliothek ist so.</translation>
    </message>
    <message>
        <source>There is more in {folder} than is shown.</source>
        <translation>In {folder} ist mehr, als gezeigt wird.</translation>
    </message>
    <message>
        <source>{folder} is not there now, or cannot be read.</source>
        <translation>{folder} ist gerade nicht da oder nicht lesbar.</translation>
    </message>
    <message>
        <source>Look no more in</source>
        <translation>Nicht mehr suchen in</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Search the library</source>
        <translation>Die Bibliothek durchsuchen</translation>
    </message>
    <message>
        <source>What was merged with this program</source>
        <translation>Was mit diesem Programm verschmolzen wurde</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Adapters</source>
        <translation>Adapter</translation>
    </message>
    <message>
        <source>Merged here</source>
        <translation>Hier verschmolzen</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>Neu ansehen</translation>
    </message>
    <message>
        <source>Add a folder to look in…</source>
        <translation>Ordner zum Suchen hinzufügen …</translation>
    </message>
    <message>
        <source>Added folders…</source>
        <translation>Hinzugefügte Ordner …</translation>
    </message>
    <message>
        <source>No models or adapters were found in the caches of the hubs, or in folders that you chose before. Add the folder in which you keep models or training runs, and all that lies in it is listed here.</source>
        <translation>In den Caches der Hubs und in Ordnern, die du früher gewählt hast, wurden weder Modelle noch Adapter gefunden. Füge den Ordner hinzu, in dem du Modelle oder Trainingsläufe hast: Alles, was darin liegt, steht dann hier.</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>Alle zeigen</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>Bibliothek</translation>
    </message>
    <message>
        <source>Double-click a row, or drag it, to put it into the form.</source>
        <translation>Ein Doppelklick auf eine Zeile bringt sie ins Formular; sie lässt sich auch hinüberziehen.</translation>
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
    <name>LogDialog</name>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Nothing has been logged yet.</source>
        <translation>Noch wurde nichts protokolliert.</translation>
    </message>
    <message>
        <source>What the program did, the latest at the end, without the names of folders, user and computer.</source>
        <translation>Was das Programm getan hat, das Neueste am Ende, ohne die Namen von Ordnern, Benutzer und Computer.</translation>
    </message>
    <message>
        <source>&amp;Read again</source>
        <translation>&amp;Neu lesen</translation>
    </message>
    <message>
        <source>&amp;Copy log</source>
        <translation>Protokoll &amp;kopieren</translation>
    </message>
    <message>
        <source>Show log &amp;folder</source>
        <translation>Protokoll&amp;ordner zeigen</translation>
    </message>
    <message>
        <source>Copied to the clipboard.</source>
        <translation>In die Zwischenablage kopiert.</translation>
    </message>
</context>
<context>
    <name>MadeOfBand</name>
    <message>
        <source>Show these inputs again</source>
        <translation>Diese Eingaben wieder zeigen</translation>
    </message>
    <message>
        <source>Show the progress</source>
        <translation>Fortschritt zeigen</translation>
    </message>
    <message>
        <source>At work since {time} on other inputs than those chosen now: {names}</source>
        <translation>Seit {time} in Arbeit, aus anderen als den jetzt gewählten Eingaben: {names}</translation>
    </message>
    <message>
        <source>This is of other inputs than those chosen now: {names}, {time}</source>
        <translation>Dies ist aus anderen als den jetzt gewählten Eingaben: {names}, {time}</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Added to the queue.</source>
        <translation>In die Warteschlange gelegt.</translation>
    </message>
    <message>
        <source>{name} is neither a model nor an adapter. What is chosen stays.</source>
        <translation>{name} ist weder ein Modell noch ein Adapter. Die Auswahl bleibt, wie sie ist.</translation>
    </message>
</context>
<context>
    <name>ManualWindow</name>
    <message>
        <source>Manual</source>
        <translation>Handbuch</translation>
    </message>
    <message>
        <source>Chapter</source>
        <translation>Kapitel</translation>
    </message>
    <message>
        <source>Search the manual</source>
        <translation>Handbuch durchsuchen</translation>
    </message>
    <message>
        <source>Contents</source>
        <translation>Inhalt</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Forward</source>
        <translation>Vor</translation>
    </message>
    <message numerus="yes">
        <source>%n place(s) found.</source>
        <translation>
            <numerusform>%n Stelle gefunden.</numerusform>
            <numerusform>%n Stellen gefunden.</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing was found.</source>
        <translation>Nichts gefunden.</translation>
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
        <source>Save report</source>
        <translation>Bericht speichern</translation>
    </message>
    <message>
        <source>{verdict} in {time}.</source>
        <translation>{verdict} in {time}.</translation>
    </message>
    <message>
        <source>Cancelled. Base and adapter are as they were.</source>
        <translation>Abgebrochen. Basis und Adapter sind, wie sie waren.</translation>
    </message>
    <message>
        <source>Copied to the clipboard.</source>
        <translation>In die Zwischenablage kopiert.</translation>
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
        <source>{shown} of the adapter's {total} tensors shown</source>
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
        <source>How many times the adapter's change was added; right is 1</source>
        <translation>Wie oft die Änderung des Adapters addiert wurde; richtig ist 1</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Änderung</translation>
    </message>
    <message>
        <source>The size of the adapter's change, relative to the base's weight</source>
        <translation>Die Größe der Änderung durch den Adapter, im Verhältnis zum Gewicht der Basis</translation>
    </message>
</context>
<context>
    <name>Notice</name>
    <message>
        <source>Copied to the clipboard.</source>
        <translation>In die Zwischenablage kopiert.</translation>
    </message>
</context>
<context>
    <name>OllamaBox</name>
    <message>
        <source>Runs “ollama create” with the Modelfile shown below. Nothing is changed in the merged folder.</source>
        <translation>Führt „ollama create“ mit dem Modelfile aus, das unten steht. Am verschmolzenen Ordner ändert sich nichts.</translation>
    </message>
    <message>
        <source>Create in Ollama</source>
        <translation>In Ollama anlegen</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>What Ollama says</source>
        <translation>Was Ollama sagt</translation>
    </message>
    <message>
        <source>Ollama is at work…</source>
        <translation>Ollama arbeitet …</translation>
    </message>
    <message>
        <source>“{name}” is in Ollama.</source>
        <translation>„{name}“ ist in Ollama.</translation>
    </message>
    <message>
        <source>Run it</source>
        <translation>Ausführen</translation>
    </message>
    <message>
        <source>Stopped. Nothing new is in Ollama.</source>
        <translation>Angehalten. In Ollama ist nichts Neues.</translation>
    </message>
</context>
<context>
    <name>OneEachDialog</name>
    <message>
        <source>One merge each</source>
        <translation>Je eine Verschmelzung</translation>
    </message>
    <message>
        <source>Add to queue</source>
        <translation>In die Warteschlange</translation>
    </message>
    <message>
        <source>Each adapter is merged by itself, into each of these base models, at each strength.</source>
        <translation>Jeder gewählte Adapter wird für sich in jedes dieser Basismodelle verschmolzen, mit jeder dieser Stärken.</translation>
    </message>
    <message>
        <source>&amp;Strengths, with spaces between them</source>
        <translation>&amp;Stärken, durch Leerzeichen getrennt</translation>
    </message>
    <message>
        <source>Write numbers such as 0.5 1.</source>
        <translation>Zahlen eingeben, zum Beispiel 0,5 1.</translation>
    </message>
</context>
<context>
    <name>Opening</name>
    <message>
        <source>The folder could not be shown.</source>
        <translation>Der Ordner konnte nicht gezeigt werden.</translation>
    </message>
    <message>
        <source>Either it is gone, or no program on this computer shows folders. It is {path}</source>
        <translation>Entweder ist er fort, oder kein Programm auf diesem Computer zeigt Ordner. Es ist {path}</translation>
    </message>
    <message>
        <source>The file could not be opened.</source>
        <translation>Die Datei konnte nicht geöffnet werden.</translation>
    </message>
    <message>
        <source>Either it is gone, or no program on this computer opens such files. It is {path}</source>
        <translation>Entweder ist sie fort, oder kein Programm auf diesem Computer öffnet solche Dateien. Es ist {path}</translation>
    </message>
    <message>
        <source>No browser could be opened.</source>
        <translation>Kein Browser ließ sich öffnen.</translation>
    </message>
    <message>
        <source>The page is {address}</source>
        <translation>Die Seite ist {address}</translation>
    </message>
</context>
<context>
    <name>OutcomePage</name>
    <message>
        <source>Merge again</source>
        <translation>Noch einmal verschmelzen</translation>
    </message>
    <message>
        <source>What is left is named on the page “Before the merge”.</source>
        <translation>Was zurückblieb, steht auf der Seite „Vor dem Verschmelzen“.</translation>
    </message>
    <message>
        <source>Base and adapter are as they were.</source>
        <translation>Basis und Adapter sind, wie sie waren.</translation>
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
    <name>OutputField</name>
    <message>
        <source>&amp;Replace what is in this folder</source>
        <translation>Er&amp;setzen, was in diesem Ordner ist</translation>
    </message>
    <message>
        <source>The old content stays until the new model is verified.</source>
        <translation>Der alte Inhalt bleibt, bis das neue Modell verifiziert ist.</translation>
    </message>
</context>
<context>
    <name>OutputPart</name>
    <message>
        <source>&amp;Folder for merged models</source>
        <translation>&amp;Ordner für verschmolzene Modelle</translation>
    </message>
    <message>
        <source>&amp;Name of their folders</source>
        <translation>&amp;Name ihrer Ordner</translation>
    </message>
    <message>
        <source>beside the adapter</source>
        <translation>neben dem Adapter</translation>
    </message>
    <message>
        <source>Choose a folder for merged models</source>
        <translation>Ordner für verschmolzene Modelle wählen</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>Ergebnisse</translation>
    </message>
    <message>
        <source>Give the whole path, from the root on.</source>
        <translation>Bitte den ganzen Pfad angeben, von der Wurzel an.</translation>
    </message>
    <message>
        <source>This cannot be the name of a folder.</source>
        <translation>So kann kein Ordner heißen.</translation>
    </message>
    <message>
        <source>Proposed for every merge; a folder that you choose for one merge holds for that one.</source>
        <translation>Wird für jede Verschmelzung vorgeschlagen; ein für eine gewählter Ordner gilt nur für diese.</translation>
    </message>
    <message>
        <source>{placeholders} stand for names and the day. Example: {example}</source>
        <translation>{placeholders} stehen für Namen und Tag. Beispiel: {example}</translation>
    </message>
</context>
<context>
    <name>OutsideController</name>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>Look into the window for the reason.</source>
        <translation>Den Grund nennt das Fenster.</translation>
    </message>
    <message>
        <source>A model is being merged or verified</source>
        <translation>Ein Modell wird verschmolzen oder geprüft</translation>
    </message>
    <message>
        <source>Starting – {name}</source>
        <translation>Start – {name}</translation>
    </message>
    <message>
        <source>{stage} – {name}</source>
        <translation>{stage} – {name}</translation>
    </message>
    <message>
        <source>{number} % {stage} – {name}</source>
        <translation>{number} % {stage} – {name}</translation>
    </message>
    <message>
        <source>{headline} – {name}</source>
        <translation>{headline} – {name}</translation>
    </message>
</context>
<context>
    <name>PackedBox</name>
    <message>
        <source>Form of the packed weights</source>
        <translation>Form der gepackten Gewichte</translation>
    </message>
    <message>
        <source>Scales</source>
        <translation>Skalen</translation>
    </message>
    <message>
        <source>Size of groups</source>
        <translation>Größe der Gruppen</translation>
    </message>
    <message>
        <source>Writes a packed copy into a new folder. Every packed weight is read back and proved.</source>
        <translation>Schreibt eine gepackte Kopie in einen neuen Ordner. Jedes gepackte Gewicht wird zurückgelesen und geprüft.</translation>
    </message>
    <message>
        <source>Pack it</source>
        <translation>Packen</translation>
    </message>
    <message>
        <source>Stop packing</source>
        <translation>Packen anhalten</translation>
    </message>
    <message>
        <source>Add the packed model to the queue</source>
        <translation>Das gepackte Modell in die Warteschlange aufnehmen</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Add to queue</source>
        <translation>In die Warteschlange</translation>
    </message>
    <message>
        <source>Open the folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>Packed model</source>
        <translation>Gepacktes Modell</translation>
    </message>
    <message>
        <source>A scale for each row</source>
        <translation>Eine Skala je Zeile</translation>
    </message>
    <message>
        <source>A scale for each block of 128</source>
        <translation>Eine Skala je Block von 128</translation>
    </message>
    <message>
        <source>The usual choice.</source>
        <translation>Die übliche Wahl.</translation>
    </message>
    <message>
        <source>As DeepSeek’s models have them.</source>
        <translation>Wie bei den Modellen von DeepSeek.</translation>
    </message>
    <message>
        <source>Groups of 128</source>
        <translation>Gruppen von 128</translation>
    </message>
    <message>
        <source>Groups of 32</source>
        <translation>Gruppen von 32</translation>
    </message>
    <message>
        <source>Larger files, less is lost.</source>
        <translation>Größere Dateien, weniger geht verloren.</translation>
    </message>
    <message>
        <source>Pack for vLLM and SGLang</source>
        <translation>Für vLLM und SGLang packen</translation>
    </message>
</context>
<context>
    <name>PassedLine</name>
    <message numerus="yes">
        <source>All %n check(s) passed.</source>
        <translation>
            <numerusform>Die %n Prüfung ist bestanden.</numerusform>
            <numerusform>Alle %n Prüfungen sind bestanden.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n had nothing to compare.</source>
        <translation>
            <numerusform>%n hatte nichts zu vergleichen.</numerusform>
            <numerusform>%n hatten nichts zu vergleichen.</numerusform>
        </translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>Ausblenden</translation>
    </message>
</context>
<context>
    <name>PlaceRow</name>
    <message>
        <source>New folders are made in the one that you choose.</source>
        <translation>Neue Ordner entstehen in dem, den Sie wählen.</translation>
    </message>
    <message>
        <source>Elsewhere…</source>
        <translation>Anderswohin…</translation>
    </message>
    <message>
        <source>What is made goes into</source>
        <translation>Neues kommt nach</translation>
    </message>
    <message>
        <source>Choose where new folders are made</source>
        <translation>Wählen, wo neue Ordner entstehen</translation>
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
        <source>Waits for its turn</source>
        <translation>Wartet, bis es an der Reihe ist</translation>
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
    <name>PreferencesDialog</name>
    <message>
        <source>Preferences</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>&amp;Reset all</source>
        <translation>Alles &amp;zurücksetzen</translation>
    </message>
    <message>
        <source>Reset all preferences</source>
        <translation>Alle Einstellungen zurücksetzen</translation>
    </message>
    <message>
        <source>Everything as it is without a wish of yours</source>
        <translation>Alles so, wie es ohne eigene Wünsche ist</translation>
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
        <source>So far files were only looked into; nothing was written.</source>
        <translation>Bisher wurde in die Dateien nur hineingesehen; geschrieben wurde nichts.</translation>
    </message>
    <message>
        <source>Choose the merged model to verify</source>
        <translation>Das verschmolzene Modell wählen, das verifiziert werden soll</translation>
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
        <source>Ready to verify</source>
        <translation>Bereit zum Verifizieren</translation>
    </message>
    <message>
        <source>Modules matched</source>
        <translation>Module zugeordnet</translation>
    </message>
    <message>
        <source>Base weights</source>
        <translation>Gewichte der Basis</translation>
    </message>
    <message>
        <source>Output weights</source>
        <translation>Gewichte des Ergebnisses</translation>
    </message>
    <message>
        <source>Merged size</source>
        <translation>Größe des Modells</translation>
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
        <source>Cancelling…</source>
        <translation>Wird abgebrochen …</translation>
    </message>
    <message>
        <source>All folders are only read. After cancelling there is no verdict, and nothing else changes.</source>
        <translation>Alle Ordner werden nur gelesen. Nach einem Abbruch gibt es kein Urteil, und sonst ändert sich nichts.</translation>
    </message>
    <message>
        <source>The output takes its name only once it is verified. Cancelling leaves nothing behind.</source>
        <translation>Das Ergebnis bekommt seinen Namen erst, wenn es verifiziert ist. Ein Abbruch lässt nichts zurück.</translation>
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
        <source>Reads the base's path from adapter_config.json; stays unmerged, without merge_and_unload().</source>
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
    <name>Queue</name>
    <message>
        <source>A job was cut off when the program ended. “Go on” finishes it.</source>
        <translation>Eine Aufgabe wurde abgebrochen, als das Programm endete. „Fortsetzen“ führt sie zu Ende.</translation>
    </message>
    <message>
        <source>Save the queue</source>
        <translation>Warteschlange speichern</translation>
    </message>
    <message>
        <source>Add jobs from a file</source>
        <translation>Aufträge aus einer Datei hinzufügen</translation>
    </message>
</context>
<context>
    <name>QueuePage</name>
    <message>
        <source>Job</source>
        <translation>Auftrag</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Stand</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Aufträge</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>Warteschlange</translation>
    </message>
    <message>
        <source>Move up</source>
        <translation>Nach oben</translation>
    </message>
    <message>
        <source>Move down</source>
        <translation>Nach unten</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Open report</source>
        <translation>Bericht öffnen</translation>
    </message>
    <message>
        <source>Show folder</source>
        <translation>Ordner zeigen</translation>
    </message>
    <message>
        <source>Put into the form</source>
        <translation>Ins Formular übernehmen</translation>
    </message>
    <message>
        <source>Hold the queue</source>
        <translation>Warteschlange anhalten</translation>
    </message>
    <message>
        <source>Remove what is done</source>
        <translation>Fertiges entfernen</translation>
    </message>
    <message>
        <source>Add from a file…</source>
        <translation>Aus Datei hinzufügen…</translation>
    </message>
    <message>
        <source>Save as a file…</source>
        <translation>Als Datei speichern…</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Start the queue</source>
        <translation>Warteschlange starten</translation>
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
        <source>Help for this page (F1)</source>
        <translation>Hilfe zu dieser Seite (F1)</translation>
    </message>
    <message>
        <source>Queue ({number})</source>
        <translation>Warteschlange ({number})</translation>
    </message>
    <message>
        <source>Before verifying</source>
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
        <source>Queue</source>
        <translation>Warteschlange</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>Bibliothek</translation>
    </message>
</context>
<context>
    <name>RoundingPicker</name>
    <message>
        <source>Rounding</source>
        <translation>Rundung</translation>
    </message>
    <message>
        <source>Seed of the rounding</source>
        <translation>Startwert der Rundung</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>The same seed rounds the same weights in the same way.</source>
        <translation>Derselbe Startwert rundet dieselben Gewichte auf dieselbe Weise.</translation>
    </message>
</context>
<context>
    <name>SaveDocument</name>
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
        <source>The file could not be saved: {reason}.</source>
        <translation>Die Datei konnte nicht gespeichert werden: {reason}.</translation>
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
    <name>ShortcutsDialog</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>Menü</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>Befehl</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Alt and an underlined letter press what carries it; Tab goes on, the arrow keys within a part.</source>
        <translation>Alt und ein unterstrichener Buchstabe drücken, was ihn trägt; Tab geht weiter, die Pfeiltasten innerhalb eines Teils.</translation>
    </message>
</context>
<context>
    <name>StartBar</name>
    <message>
        <source>Mer&amp;ge</source>
        <translation>Verschmel&amp;zen</translation>
    </message>
    <message>
        <source>Add to queue</source>
        <translation>In die Warteschlange</translation>
    </message>
    <message>
        <source>&amp;Verify</source>
        <translation>&amp;Verifizieren</translation>
    </message>
</context>
<context>
    <name>StrengthAnswer</name>
    <message>
        <source>Merge at this strength</source>
        <translation>Mit dieser Stärke verschmelzen</translation>
    </message>
</context>
<context>
    <name>StrengthsPanel</name>
    <message>
        <source>Answer at this strength</source>
        <translation>Mit dieser Stärke antworten</translation>
    </message>
    <message>
        <source>Merge at this strength</source>
        <translation>Mit dieser Stärke verschmelzen</translation>
    </message>
    <message>
        <source>Remove these answers</source>
        <translation>Diese Antworten entfernen</translation>
    </message>
    <message>
        <source>Base and adapter are asked unmerged; the model stays loaded while only strengths change.</source>
        <translation>Basis und Adapter werden unverschmolzen gefragt; das Modell bleibt geladen, solange sich nur Stärken ändern.</translation>
    </message>
    <message>
        <source>Strength by ear</source>
        <translation>Stärke nach Gehör</translation>
    </message>
    <message>
        <source>Strength of {name}</source>
        <translation>Stärke von {name}</translation>
    </message>
</context>
<context>
    <name>Tiles</name>
    <message>
        <source>{part} of {whole}</source>
        <translation>{part} von {whole}</translation>
    </message>
</context>
<context>
    <name>TokenDialog</name>
    <message>
        <source>Token for the hub</source>
        <translation>Token für den Hub</translation>
    </message>
    <message>
        <source>Let the system's keyring &amp;keep it</source>
        <translation>Im Schlüsselbund des Systems &amp;aufbewahren</translation>
    </message>
    <message>
        <source>For gated and private models, and for uploads. Make one on the hub's page of settings. MergeDesk writes it into no file, report or log; that of “hf auth login” serves without this.</source>
        <translation>Für zugangsbeschränkte und private Modelle und zum Hochladen. Angelegt wird es auf der Seite mit den Einstellungen des Hubs. MergeDesk schreibt es in keine Datei, keinen Bericht und kein Protokoll; das von „hf auth login“ dient auch ohne dies.</translation>
    </message>
    <message>
        <source>&amp;Token</source>
        <translation>&amp;Token</translation>
    </message>
</context>
<context>
    <name>Tokens</name>
    <message>
        <source>It serves until the window is closed.</source>
        <translation>Es gilt, bis das Fenster geschlossen wird.</translation>
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
        <source>The Kullback-Leibler divergence of the two models' probabilities, in nats</source>
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
    <name>Tryout</name>
    <message>
        <source>{names}, not merged yet</source>
        <translation>{names}, noch nicht verschmolzen</translation>
    </message>
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
    <name>UploadDialog</name>
    <message>
        <source>Upload to the hub</source>
        <translation>Auf den Hub hochladen</translation>
    </message>
    <message>
        <source>Looking at what goes…</source>
        <translation>Was hochgeladen wird, wird angesehen …</translation>
    </message>
    <message>
        <source>Getting ready…</source>
        <translation>Wird vorbereitet …</translation>
    </message>
    <message>
        <source>owner/name</source>
        <translation>Eigentümer/Name</translation>
    </message>
    <message>
        <source>&amp;Everybody may see it</source>
        <translation>&amp;Alle dürfen es sehen</translation>
    </message>
    <message>
        <source>The card</source>
        <translation>Die Karte</translation>
    </message>
    <message>
        <source>Upload</source>
        <translation>Hochladen</translation>
    </message>
    <message>
        <source>&amp;Upload</source>
        <translation>&amp;Hochladen</translation>
    </message>
    <message>
        <source>Add to &amp;queue</source>
        <translation>In die &amp;Warteschlange</translation>
    </message>
    <message>
        <source>Enter a token…</source>
        <translation>Token eingeben …</translation>
    </message>
    <message>
        <source>Show its page</source>
        <translation>Seite zeigen</translation>
    </message>
    <message>
        <source>Its &amp;card, README.md</source>
        <translation>Die &amp;Karte, README.md</translation>
    </message>
    <message>
        <source>&amp;Repository</source>
        <translation>&amp;Repository</translation>
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
        <source>Samples</source>
        <translation>Stichproben</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>Alles</translation>
    </message>
    <message>
        <source>Adapter's tensors right</source>
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
        <source>Folder's kind</source>
        <translation>Art des Ordners</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>Verify every&amp;thing</source>
        <translation>Alles veri&amp;fizieren</translation>
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
        <source>What was verified</source>
        <translation>Was verifiziert wurde</translation>
    </message>
    <message>
        <source>Verify every&amp;thing</source>
        <translation>Alles veri&amp;fizieren</translation>
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
        <source>Compare every value of the merged folder with base and adapters; so far it was samples</source>
        <translation>Jeden Wert des verschmolzenen Ordners mit Basis und Adaptern vergleichen; bisher waren es Stichproben</translation>
    </message>
    <message>
        <source>Look at what would go to a hub, and send it</source>
        <translation>Ansehen, was auf einen Hub ginge, und es senden</translation>
    </message>
    <message>
        <source>Up&amp;load…</source>
        <translation>Hoch&amp;laden …</translation>
    </message>
    <message>
        <source>Make GGUF…</source>
        <translation>GGUF erzeugen…</translation>
    </message>
    <message>
        <source>Finished {moment}</source>
        <translation>Fertig {moment}</translation>
    </message>
    <message>
        <source>Modules matched</source>
        <translation>Module zugeordnet</translation>
    </message>
    <message>
        <source>Ask base, adapter and merged model the same, side by side</source>
        <translation>Basis, Adapter und verschmolzenes Modell dasselbe fragen, nebeneinander</translation>
    </message>
    <message>
        <source>For llama.cpp, Ollama and LM Studio</source>
        <translation>Für llama.cpp, Ollama und LM Studio</translation>
    </message>
    <message>
        <source>With Ollama, LM Studio, vLLM, SGLang, llama.cpp or from Python</source>
        <translation>Mit Ollama, LM Studio, vLLM, SGLang, llama.cpp oder aus Python</translation>
    </message>
    <message>
        <source>As a model that Ollama runs on this computer</source>
        <translation>Als Modell, das Ollama auf diesem Computer ausführt</translation>
    </message>
    <message>
        <source>Try it</source>
        <translation>Ausprobieren</translation>
    </message>
    <message>
        <source>Create in Ollama…</source>
        <translation>In Ollama anlegen …</translation>
    </message>
    <message>
        <source>Use it…</source>
        <translation>Verwenden …</translation>
    </message>
    <message>
        <source>Copy path</source>
        <translation>Pfad kopieren</translation>
    </message>
    <message>
        <source>Keep the base and how to merge, and choose another adapter</source>
        <translation>Basis und Art des Verschmelzens behalten und einen anderen Adapter wählen</translation>
    </message>
    <message>
        <source>Next merge</source>
        <translation>Nächste Verschmelzung</translation>
    </message>
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
</context>
<context>
    <name>VerifyController</name>
    <message>
        <source>{verdict}, found in {time}.</source>
        <translation>{verdict}, ermittelt in {time}.</translation>
    </message>
    <message>
        <source>Cancelled. There is no verdict of this verification.</source>
        <translation>Abgebrochen. Zu diesem Verifizieren gibt es kein Urteil.</translation>
    </message>
    <message>
        <source>Save verdict</source>
        <translation>Urteil speichern</translation>
    </message>
</context>
<context>
    <name>VerifyInputs</name>
    <message>
        <source>How m&amp;uch to read</source>
        <translation>&amp;Umfang</translation>
    </message>
    <message>
        <source>How to verify</source>
        <translation>Art des Verifizierens</translation>
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
        <translation>Verschmelzen und lesen, was verifiziert wurde</translation>
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
        <source>Open the library</source>
        <translation>Bibliothek öffnen</translation>
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
        <source>The folder that any tool saved the merge in. Verify then says whether it is base plus adapter, and if not, what it is instead: the unmodified base, the adapter twice, half of its modules… All folders are only read.</source>
        <translation>Der Ordner, in den irgendein Programm die Verschmelzung gespeichert hat. Das Verifizieren sagt dann, ob er Basis plus Adapter ist, und wenn nicht, was er stattdessen ist: die unveränderte Basis, der Adapter doppelt, nur die Hälfte der Module … Alle Ordner werden nur gelesen.</translation>
    </message>
    <message>
        <source>The merged model is written next to the adapter and takes its name only after it was verified: plain class, every tensor as planned, nothing lost. Base and adapter stay as they are.</source>
        <translation>Das verschmolzene Modell wird neben den Adapter geschrieben und bekommt seinen Namen erst, wenn es verifiziert ist: einfache Klasse, jeder Tensor wie geplant, nichts verloren. Basis und Adapter bleiben, wie sie sind.</translation>
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
    <message>
        <source>Choose folder…</source>
        <translation>Ordner wählen …</translation>
    </message>
</context>
<context>
    <name>WorkPart</name>
    <message>
        <source>N&amp;otify me when a job ends</source>
        <translation>&amp;Benachrichtigen, wenn ein Auftrag endet</translation>
    </message>
    <message>
        <source>Where this window is not in front</source>
        <translation>Wenn dieses Fenster nicht vorne ist</translation>
    </message>
    <message>
        <source>&amp;Play a sound when a job ends</source>
        <translation>Einen &amp;Ton spielen, wenn ein Auftrag endet</translation>
    </message>
    <message>
        <source>&amp;Keep a list of past merges</source>
        <translation>Vergangene &amp;Verschmelzungen auflisten</translation>
    </message>
    <message>
        <source>Also of merges of the command line. What is in the list stays.</source>
        <translation>Auch solche der Kommandozeile. Was in der Liste steht, bleibt.</translation>
    </message>
    <message>
        <source>&amp;Threads of a merge</source>
        <translation>T&amp;hreads einer Verschmelzung</translation>
    </message>
    <message>
        <source>Also for merges of the queue that begin from now on. The result is the same with any number.</source>
        <translation>Auch für Verschmelzungen der Warteschlange, die von jetzt an beginnen. Das Ergebnis ist mit jeder Zahl dasselbe.</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Aufträge</translation>
    </message>
    <message>
        <source>As many as suit this computer</source>
        <translation>So viele, wie zu diesem Computer passen</translation>
    </message>
</context>
</TS>
