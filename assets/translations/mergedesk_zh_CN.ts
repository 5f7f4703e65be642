<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About MergeDesk</source>
        <translation>关于 MergeDesk</translation>
    </message>
    <message>
        <source>System</source>
        <translation>系统</translation>
    </message>
    <message>
        <source>MergeDesk is licensed under Apache-2.0.</source>
        <translation>MergeDesk 采用 Apache-2.0 许可证。</translation>
    </message>
    <message>
        <source>MergeDesk {version}</source>
        <translation>MergeDesk {version}</translation>
    </message>
    <message>
        <source>Folds a PEFT adapter into its base model and proves that the result is right.</source>
        <translation>将 PEFT 适配器并入其基础模型，并验证结果正确无误。</translation>
    </message>
    <message>
        <source>&amp;Licences…</source>
        <translation>许可证(&amp;L)…</translation>
    </message>
    <message>
        <source>Versions, this computer and the last error, for whoever helps you</source>
        <translation>版本、本机信息和最近一次错误，供帮助您的人参考</translation>
    </message>
    <message>
        <source>Copy &amp;diagnostics</source>
        <translation>复制诊断信息(&amp;D)</translation>
    </message>
</context>
<context>
    <name>ActionBar</name>
    <message>
        <source>Others…</source>
        <translation>其他…</translation>
    </message>
</context>
<context>
    <name>AdapterList</name>
    <message>
        <source>Add another adapter</source>
        <translation>添加另一个适配器</translation>
    </message>
    <message>
        <source>{name} is back.</source>
        <translation>已恢复 {name}。</translation>
    </message>
    <message>
        <source>Adapter {number} of {count}</source>
        <translation>第 {number} 个适配器，共 {count} 个</translation>
    </message>
    <message>
        <source>&amp;Adapters</source>
        <translation>适配器(&amp;A)</translation>
    </message>
    <message>
        <source>{name} was removed.</source>
        <translation>已移除 {name}。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
</context>
<context>
    <name>AdapterRow</name>
    <message>
        <source>Move up</source>
        <translation>上移</translation>
    </message>
    <message>
        <source>Move down</source>
        <translation>下移</translation>
    </message>
    <message>
        <source>Remove this adapter</source>
        <translation>移除此适配器</translation>
    </message>
    <message>
        <source>Adapter</source>
        <translation>适配器</translation>
    </message>
    <message>
        <source>Strength</source>
        <translation>强度</translation>
    </message>
    <message>
        <source>Adapter {number}</source>
        <translation>适配器 {number}</translation>
    </message>
    <message>
        <source>Strength of adapter {number}</source>
        <translation>适配器 {number} 的强度</translation>
    </message>
</context>
<context>
    <name>Advanced</name>
    <message>
        <source>En&amp;gine</source>
        <translation>引擎(&amp;G)</translation>
    </message>
    <message>
        <source>Maximum file size</source>
        <translation>文件大小上限</translation>
    </message>
    <message>
        <source>as in the base</source>
        <translation>与基础模型相同</translation>
    </message>
    <message>
        <source>For example 5GB, 500MB or 2GiB</source>
        <translation>例如 5GB、500MB 或 2GiB</translation>
    </message>
    <message>
        <source>Maximum file si&amp;ze</source>
        <translation>文件大小上限(&amp;Z)</translation>
    </message>
    <message>
        <source>Ad&amp;vanced</source>
        <translation>高级(&amp;V)</translation>
    </message>
    <message>
        <source>Weights are written to as many files as this needs. Empty: the same files as the base's.</source>
        <translation>权重会按此上限分成若干文件。留空：与基础模型的文件划分相同。</translation>
    </message>
    <message>
        <source>files of at most {size}</source>
        <translation>单个文件不超过 {size}</translation>
    </message>
</context>
<context>
    <name>AnswerCard</name>
    <message>
        <source>Answer: {model}</source>
        <translation>回答：{model}</translation>
    </message>
    <message>
        <source>Copy this answer</source>
        <translation>复制此回答</translation>
    </message>
    <message>
        <source>Copy the answer: {model}</source>
        <translation>复制回答：{model}</translation>
    </message>
</context>
<context>
    <name>AnswersPanel</name>
    <message>
        <source>Copy all as Markdown</source>
        <translation>全部复制为 Markdown</translation>
    </message>
    <message>
        <source>Waits for its turn</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>Answered</source>
        <translation>已回答</translation>
    </message>
    <message>
        <source>Not asked: it was stopped before.</source>
        <translation>未提问：在此之前已停止。</translation>
    </message>
</context>
<context>
    <name>AppearancePart</name>
    <message>
        <source>&amp;Language</source>
        <translation>语言(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Colours</source>
        <translation>颜色(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Size of text</source>
        <translation>文字大小(&amp;S)</translation>
    </message>
    <message>
        <source>Language and looks</source>
        <translation>语言与外观</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>高对比度</translation>
    </message>
    <message>
        <source>{points} pt</source>
        <translation>{points} pt</translation>
    </message>
    <message>
        <source>As the system ({points} pt)</source>
        <translation>跟随系统（{points} pt）</translation>
    </message>
</context>
<context>
    <name>Arrivals</name>
    <message>
        <source>Opened from outside</source>
        <translation>来自外部的打开请求</translation>
    </message>
    <message>
        <source>Replace what is chosen in the form?</source>
        <translation>要替换表单中已选的内容吗？</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>替换</translation>
    </message>
    <message>
        <source>Keep what is chosen</source>
        <translation>保留已选内容</translation>
    </message>
    <message>
        <source>Another program asked MergeDesk to open folders.</source>
        <translation>另一个程序请求 MergeDesk 打开文件夹。</translation>
    </message>
</context>
<context>
    <name>BasesList</name>
    <message>
        <source>Base models</source>
        <translation>基础模型</translation>
    </message>
    <message>
        <source>Add a &amp;base model…</source>
        <translation>添加基础模型(&amp;B)…</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>移除(&amp;R)</translation>
    </message>
    <message>
        <source>Base &amp;models</source>
        <translation>基础模型(&amp;M)</translation>
    </message>
    <message>
        <source>Add a base model</source>
        <translation>添加基础模型</translation>
    </message>
</context>
<context>
    <name>CodeBlock</name>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy: {heading}</source>
        <translation>复制：{heading}</translation>
    </message>
</context>
<context>
    <name>CombinationPicker</name>
    <message>
        <source>Ho&amp;w to combine</source>
        <translation>组合方式(&amp;W)</translation>
    </message>
    <message>
        <source>Majority sign</source>
        <translation>多数符号</translation>
    </message>
    <message>
        <source>Density</source>
        <translation>密度</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>The share of each adapter's values that is kept.</source>
        <translation>每个适配器的值中保留的比例。</translation>
    </message>
    <message>
        <source>The same seed drops the same values again.</source>
        <translation>相同的种子会再次舍弃相同的值。</translation>
    </message>
</context>
<context>
    <name>Commands</name>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Merge</source>
        <translation>合并(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Verify</source>
        <translation>验证(&amp;V)</translation>
    </message>
    <message>
        <source>Choose &amp;merged model…</source>
        <translation>选择合并后的模型(&amp;M)…</translation>
    </message>
    <message>
        <source>Choose &amp;output folder…</source>
        <translation>选择输出文件夹(&amp;O)…</translation>
    </message>
    <message>
        <source>&amp;Before verifying</source>
        <translation>验证之前(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;Before the merge</source>
        <translation>合并之前(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>撤销(&amp;U)</translation>
    </message>
    <message>
        <source>R&amp;edo</source>
        <translation>重做(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Undo: {change}</source>
        <translation>撤销(&amp;U)：{change}</translation>
    </message>
    <message>
        <source>R&amp;edo: {change}</source>
        <translation>重做(&amp;E)：{change}</translation>
    </message>
    <message>
        <source>&amp;New merge</source>
        <translation>新建合并(&amp;N)</translation>
    </message>
    <message>
        <source>Choose &amp;base model…</source>
        <translation>选择基础模型(&amp;B)…</translation>
    </message>
    <message>
        <source>Choose &amp;adapter…</source>
        <translation>选择适配器(&amp;A)…</translation>
    </message>
    <message>
        <source>S&amp;wap base and adapter</source>
        <translation>交换基础模型和适配器(&amp;W)</translation>
    </message>
    <message>
        <source>&amp;Look at the folders again</source>
        <translation>重新查看文件夹(&amp;L)</translation>
    </message>
    <message>
        <source>Open &amp;merged folder</source>
        <translation>打开合并后的文件夹(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Save report…</source>
        <translation>保存报告(&amp;S)…</translation>
    </message>
    <message>
        <source>&amp;Copy PEFT code</source>
        <translation>复制 PEFT 代码(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Past merges…</source>
        <translation>合并记录(&amp;P)…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Clear all inputs</source>
        <translation>清空所有输入(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Add another adapter</source>
        <translation>添加另一个适配器(&amp;A)</translation>
    </message>
    <message>
        <source>Move adapter u&amp;p</source>
        <translation>上移适配器(&amp;P)</translation>
    </message>
    <message>
        <source>Move adapter &amp;down</source>
        <translation>下移适配器(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Remove adapter</source>
        <translation>移除适配器(&amp;R)</translation>
    </message>
    <message>
        <source>Prefere&amp;nces…</source>
        <translation>偏好设置(&amp;N)…</translation>
    </message>
    <message>
        <source>&amp;Add to queue</source>
        <translation>加入队列(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;One merge each…</source>
        <translation>逐一合并(&amp;O)…</translation>
    </message>
    <message>
        <source>Turn to mer&amp;ging</source>
        <translation>切换到合并(&amp;G)</translation>
    </message>
    <message>
        <source>Turn to verif&amp;ying a merge</source>
        <translation>切换到验证已有的合并(&amp;Y)</translation>
    </message>
    <message>
        <source>Verify every&amp;thing</source>
        <translation>全部验证(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>取消(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Result</source>
        <translation>结果(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Effect</source>
        <translation>效果(&amp;E)</translation>
    </message>
    <message>
        <source>Try &amp;it</source>
        <translation>试用(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;Use it</source>
        <translation>使用(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Queue</source>
        <translation>队列(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Library</source>
        <translation>模型库(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Manual</source>
        <translation>手册(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;How merging works</source>
        <translation>合并的原理(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts…</source>
        <translation>键盘快捷键(&amp;K)…</translation>
    </message>
    <message>
        <source>Copy &amp;diagnostics…</source>
        <translation>复制诊断信息(&amp;D)…</translation>
    </message>
    <message>
        <source>&amp;Show the log…</source>
        <translation>显示日志(&amp;S)…</translation>
    </message>
    <message>
        <source>Show &amp;log folder</source>
        <translation>显示日志文件夹(&amp;L)</translation>
    </message>
    <message>
        <source>L&amp;icences…</source>
        <translation>许可证(&amp;I)…</translation>
    </message>
    <message>
        <source>&amp;About MergeDesk</source>
        <translation>关于 MergeDesk(&amp;A)</translation>
    </message>
</context>
<context>
    <name>CrashDialog</name>
    <message>
        <source>Errors since then: {count}</source>
        <translation>此后的错误数：{count}</translation>
    </message>
    <message>
        <source>Show &amp;log folder</source>
        <translation>显示日志文件夹(&amp;L)</translation>
    </message>
</context>
<context>
    <name>DemoCard</name>
    <message>
        <source>Try the &amp;demo</source>
        <translation>试用演示(&amp;D)</translation>
    </message>
    <message>
        <source>Merge a small model and an adapter that makes it speak like a ship's captain.</source>
        <translation>合并一个小模型和一个让它像船长一样说话的适配器。</translation>
    </message>
    <message>
        <source>Nothing at hand?</source>
        <translation>手头没有模型？</translation>
    </message>
    <message>
        <source>The adapter is filled in. Its base model is not on this computer, and nothing is fetched by itself: enter {name} (270 MB) as the base model to download it from the hub, or choose its folder.</source>
        <translation>适配器已填入。其基础模型不在这台计算机上，程序不会自行下载任何东西：请将 {name}（270 MB）填作基础模型以从 Hub 下载，或选择其文件夹。</translation>
    </message>
</context>
<context>
    <name>DemoController</name>
    <message>
        <source>Looking for the demo's model…</source>
        <translation>正在查找演示用的模型…</translation>
    </message>
    <message>
        <source>Unpacking the demo's model; this takes up to a minute…</source>
        <translation>正在解包演示用的模型，最多需要一分钟…</translation>
    </message>
</context>
<context>
    <name>DeployController</name>
    <message>
        <source>Written: {path}</source>
        <translation>已写入：{path}</translation>
    </message>
    <message>
        <source>There is a Modelfile already</source>
        <translation>已有 Modelfile</translation>
    </message>
    <message>
        <source>Replace the Modelfile that is there?</source>
        <translation>要替换现有的 Modelfile 吗？</translation>
    </message>
    <message>
        <source>Replace it</source>
        <translation>替换</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>保留</translation>
    </message>
</context>
<context>
    <name>DeployPage</name>
    <message>
        <source>Tools</source>
        <translation>工具</translation>
    </message>
    <message>
        <source>What is used</source>
        <translation>使用的对象</translation>
    </message>
    <message>
        <source>Looking at the folder…</source>
        <translation>正在查看文件夹…</translation>
    </message>
    <message>
        <source>What was looked at</source>
        <translation>检查了什么</translation>
    </message>
    <message>
        <source>The Modelfile</source>
        <translation>Modelfile</translation>
    </message>
    <message>
        <source>Saves this text as “Modelfile” in the merged folder.</source>
        <translation>将此文本以“Modelfile”为名保存到合并后的文件夹中。</translation>
    </message>
    <message>
        <source>Write a Modelfile</source>
        <translation>写入 Modelfile</translation>
    </message>
    <message>
        <source>Merged model</source>
        <translation>合并后的模型</translation>
    </message>
    <message>
        <source>The folder that was merged</source>
        <translation>合并所得的文件夹</translation>
    </message>
    <message>
        <source>The adapter beside its base, as servers of several adapters take it</source>
        <translation>适配器与其基础模型并列，供同时服务多个适配器的服务器使用</translation>
    </message>
    <message>
        <source>Adapter, unmerged</source>
        <translation>未合并的适配器</translation>
    </message>
    <message>
        <source>The verification found that this folder is not the merge it should be. Put that right first.</source>
        <translation>验证发现此文件夹并不是应有的合并结果。请先解决这个问题。</translation>
    </message>
    <message>
        <source>Use the merged model</source>
        <translation>使用合并后的模型</translation>
    </message>
</context>
<context>
    <name>DiagnosticsBox</name>
    <message>
        <source>&amp;Copy diagnostics</source>
        <translation>复制诊断信息(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Save as…</source>
        <translation>另存为(&amp;S)…</translation>
    </message>
    <message>
        <source>Copied to the clipboard.</source>
        <translation>已复制到剪贴板。</translation>
    </message>
    <message>
        <source>The file could not be written: {reason}.</source>
        <translation>无法写入文件：{reason}。</translation>
    </message>
    <message>
        <source>Saved as {name}.</source>
        <translation>已保存为 {name}。</translation>
    </message>
    <message>
        <source>Save diagnostics</source>
        <translation>保存诊断信息</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>Diagnostics</source>
        <translation>诊断信息</translation>
    </message>
    <message>
        <source>Gathering…</source>
        <translation>正在收集…</translation>
    </message>
</context>
<context>
    <name>DiagnosticsDialog</name>
    <message>
        <source>Diagnostics</source>
        <translation>诊断信息</translation>
    </message>
    <message>
        <source>For whoever helps you: versions, this computer, and the last error. Paths, names of folders, and the names of user and computer are left out.</source>
        <translation>供帮助您的人参考：版本、本机信息和最近一次错误。路径、文件夹名、用户名和计算机名均已略去。</translation>
    </message>
</context>
<context>
    <name>Dialogs</name>
    <message>
        <source>A merge is running</source>
        <translation>正在合并</translation>
    </message>
    <message>
        <source>A merge is running. Cancel it and quit?</source>
        <translation>正在合并。要取消合并并退出吗？</translation>
    </message>
    <message>
        <source>Cancel merge and quit</source>
        <translation>取消合并并退出</translation>
    </message>
    <message>
        <source>Keep merging</source>
        <translation>继续合并</translation>
    </message>
    <message>
        <source>A verification is running</source>
        <translation>正在验证</translation>
    </message>
    <message>
        <source>A verification is running. Cancel it and quit?</source>
        <translation>正在验证。要取消验证并退出吗？</translation>
    </message>
    <message>
        <source>Cancel verification and quit</source>
        <translation>取消验证并退出</translation>
    </message>
    <message>
        <source>Keep verifying</source>
        <translation>继续验证</translation>
    </message>
    <message>
        <source>Cancelling leaves nothing behind.</source>
        <translation>取消不会留下任何残留。</translation>
    </message>
    <message>
        <source>The merge has been running for a while. Cancel it?</source>
        <translation>合并已运行一段时间。要取消吗？</translation>
    </message>
    <message>
        <source>Cancel merge</source>
        <translation>取消合并</translation>
    </message>
    <message>
        <source>The verification has been running for a while. Cancel it?</source>
        <translation>验证已运行一段时间。要取消吗？</translation>
    </message>
    <message>
        <source>Cancel verification</source>
        <translation>取消验证</translation>
    </message>
    <message>
        <source>The queue is at work</source>
        <translation>队列正在工作</translation>
    </message>
    <message>
        <source>A job of the queue is running. Quit all the same?</source>
        <translation>队列中有任务正在运行。仍要退出吗？</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Keep working</source>
        <translation>继续工作</translation>
    </message>
    <message>
        <source>The queue is kept. The next start offers to go on with it.</source>
        <translation>队列会保留。下次启动时可以继续。</translation>
    </message>
    <message>
        <source>MergeDesk</source>
        <translation>MergeDesk</translation>
    </message>
    <message>
        <source>How merging works</source>
        <translation>合并的原理</translation>
    </message>
    <message>
        <source>Something went wrong</source>
        <translation>出错了</translation>
    </message>
    <message>
        <source>What an adapter is</source>
        <translation>什么是适配器</translation>
    </message>
    <message>
        <source>Fine-tuning with LoRA leaves the model alone and trains small matrices beside it. They are saved as an adapter, which is useless without its base model.</source>
        <translation>用 LoRA 微调时，模型本身保持不变，只在旁边训练一些小矩阵。它们保存为适配器，离开基础模型就没有用处。</translation>
    </message>
    <message>
        <source>What merging does</source>
        <translation>合并做了什么</translation>
    </message>
    <message>
        <source>It adds the adapter's change to the base's weights. The result is an ordinary model of the base's class: it needs no PEFT, and answers as fast as the base.</source>
        <translation>合并会把适配器的变化加到基础模型的权重上。结果是一个与基础模型同类的普通模型：它不需要 PEFT，回答速度与基础模型一样快。</translation>
    </message>
    <message>
        <source>Why it is verified</source>
        <translation>为什么要验证</translation>
    </message>
    <message>
        <source>A merge can go wrong in silence: half the modules unmatched, the unmerged model saved, precision lost. So the result is loaded and compared before its folder gets its name.</source>
        <translation>合并可能在无声无息中出错：一半的模块没有匹配上、保存的是未合并的模型、精度有损失。因此，结果会先被加载和比较，之后文件夹才会获得正式名称。</translation>
    </message>
</context>
<context>
    <name>DragHandle</name>
    <message>
        <source>Drag to change the order (Alt+Up and Alt+Down do the same)</source>
        <translation>拖动可更改顺序（Alt+↑ 和 Alt+↓ 也可以）</translation>
    </message>
</context>
<context>
    <name>DropHint</name>
    <message>
        <source>Drop the folders anywhere</source>
        <translation>将文件夹拖放到任意位置</translation>
    </message>
    <message>
        <source>Looking at {name} on the hub…</source>
        <translation>正在 Hub 上查看 {name}…</translation>
    </message>
    <message>
        <source>Model or adapter: each goes to its own field.</source>
        <translation>模型或适配器：会各自填入对应的字段。</translation>
    </message>
</context>
<context>
    <name>EffectPage</name>
    <message>
        <source>Heat map of layers and modules</source>
        <translation>各层与模块的热力图</translation>
    </message>
    <message>
        <source>The arrow keys and the mouse move over the map.</source>
        <translation>可用方向键和鼠标在图上移动。</translation>
    </message>
    <message>
        <source>Layers, or the experts of one</source>
        <translation>所有层，或某一层的专家</translation>
    </message>
    <message>
        <source>All layers</source>
        <translation>所有层</translation>
    </message>
    <message>
        <source>Experts of layer {layer}</source>
        <translation>第 {layer} 层的专家</translation>
    </message>
    <message>
        <source>And {count} more; the report names them all.</source>
        <translation>另有 {count} 项；报告中会全部列出。</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Expert</source>
        <translation>专家</translation>
    </message>
    <message>
        <source>The colours go from the smallest value here, {least}, to the largest, {most}. They show where values differ, however little, and not how large they are.</source>
        <translation>颜色从此处的最小值 {least} 到最大值 {most}。它们显示数值在哪里不同（无论差别多小），而不是数值有多大。</translation>
    </message>
    <message>
        <source>The colours go from 0 to {most}.</source>
        <translation>颜色从 0 到 {most}。</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Save picture</source>
        <translation>保存图片</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>表格</translation>
    </message>
    <message>
        <source>Save table</source>
        <translation>保存表格</translation>
    </message>
    <message>
        <source>What the map shows</source>
        <translation>图中显示的内容</translation>
    </message>
    <message>
        <source>From the smallest value to the largest: shows differences</source>
        <translation>从最小值到最大值：显示差异</translation>
    </message>
    <message>
        <source>From nothing to the largest value: shows sizes</source>
        <translation>从零到最大值：显示大小</translation>
    </message>
    <message>
        <source>Differences</source>
        <translation>差异</translation>
    </message>
    <message>
        <source>Sizes</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>What the colours show</source>
        <translation>颜色表示什么</translation>
    </message>
    <message>
        <source>Outside of the layers</source>
        <translation>各层之外</translation>
    </message>
    <message>
        <source>Save pic&amp;ture…</source>
        <translation>保存图片(&amp;T)…</translation>
    </message>
    <message>
        <source>Save tab&amp;le…</source>
        <translation>保存表格(&amp;L)…</translation>
    </message>
</context>
<context>
    <name>EffectTable</name>
    <message>
        <source>Changes as a table</source>
        <translation>以表格显示变化</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>位置</translation>
    </message>
</context>
<context>
    <name>EntryDetails</name>
    <message>
        <source>Use as adapter</source>
        <translation>用作适配器</translation>
    </message>
    <message>
        <source>Use as base</source>
        <translation>用作基础模型</translation>
    </message>
    <message>
        <source>Merge with its base</source>
        <translation>与其基础模型合并</translation>
    </message>
    <message>
        <source>Show its base</source>
        <translation>显示其基础模型</translation>
    </message>
    <message>
        <source>Show its adapters</source>
        <translation>显示其适配器</translation>
    </message>
    <message>
        <source>Get its base from the hub</source>
        <translation>从 Hub 获取其基础模型</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Copy path</source>
        <translation>复制路径</translation>
    </message>
    <message>
        <source>Remove from the list</source>
        <translation>从列表中移除</translation>
    </message>
</context>
<context>
    <name>FailureCard</name>
    <message>
        <source>Show details</source>
        <translation>显示详情</translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation>复制详情</translation>
    </message>
    <message>
        <source>Hide details</source>
        <translation>隐藏详情</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
</context>
<context>
    <name>FolderField</name>
    <message>
        <source>Looking…</source>
        <translation>正在查看…</translation>
    </message>
    <message>
        <source>Recent folders</source>
        <translation>最近使用的文件夹</translation>
    </message>
</context>
<context>
    <name>FollowUps</name>
    <message>
        <source>Removing…</source>
        <translation>正在删除…</translation>
    </message>
</context>
<context>
    <name>FormUndo</name>
    <message>
        <source>Undone: {change}.</source>
        <translation>已撤销：{change}。</translation>
    </message>
    <message>
        <source>Redone: {change}.</source>
        <translation>已重做：{change}。</translation>
    </message>
    <message>
        <source>All inputs are empty. Undo brings them back.</source>
        <translation>所有输入已清空。撤销可恢复。</translation>
    </message>
</context>
<context>
    <name>GgufBox</name>
    <message>
        <source>Made by llama.cpp’s own code, into a new folder. Each file is proved.</source>
        <translation>由 llama.cpp 自己的代码生成，放入新文件夹。每个文件都会验证。</translation>
    </message>
    <message>
        <source>Make GGUF</source>
        <translation>生成 GGUF</translation>
    </message>
    <message>
        <source>Stop making GGUF files</source>
        <translation>停止制作 GGUF 文件</translation>
    </message>
    <message>
        <source>Add the GGUF files to the queue</source>
        <translation>将 GGUF 文件加入队列</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Add to queue</source>
        <translation>加入队列</translation>
    </message>
    <message>
        <source>GGUF files</source>
        <translation>GGUF 文件</translation>
    </message>
    <message>
        <source>GGUF files of this model</source>
        <translation>该模型的 GGUF 文件</translation>
    </message>
</context>
<context>
    <name>HistoryDialog</name>
    <message>
        <source>Past merges</source>
        <translation>合并记录</translation>
    </message>
    <message>
        <source>There are no past merges yet.</source>
        <translation>还没有合并记录。</translation>
    </message>
    <message>
        <source>Search past merges</source>
        <translation>搜索过往合并</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Made of</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>结果状态</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>用时</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>精度</translation>
    </message>
    <message>
        <source>Result, effect, trial and use of this merge, as after it was made</source>
        <translation>此次合并的结果、影响、试用与使用，与完成时一样</translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>打开(&amp;O)</translation>
    </message>
    <message>
        <source>Open re&amp;port</source>
        <translation>打开报告(&amp;P)</translation>
    </message>
    <message>
        <source>Show &amp;folder</source>
        <translation>显示文件夹(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Again with these settings</source>
        <translation>再次使用这些设置(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Try again</source>
        <translation>再试一次(&amp;T)</translation>
    </message>
    <message>
        <source>Clear the list</source>
        <translation>清空列表</translation>
    </message>
    <message>
        <source>Remove all merges from the list?</source>
        <translation>要从列表中移除所有合并吗？</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>The merged folders stay.</source>
        <translation>合并后的文件夹会保留。</translation>
    </message>
    <message>
        <source>Compare the merged folder with base and adapters as they are now</source>
        <translation>将合并后的文件夹与现在的基础模型和适配器进行比较</translation>
    </message>
    <message>
        <source>&amp;Verify this merge</source>
        <translation>验证此合并(&amp;V)</translation>
    </message>
    <message>
        <source>The merged folder stays.</source>
        <translation>合并后的文件夹会保留。</translation>
    </message>
    <message>
        <source>&amp;Remove from the list</source>
        <translation>从列表中移除(&amp;R)</translation>
    </message>
    <message>
        <source>C&amp;lear the list…</source>
        <translation>清空列表(&amp;L)…</translation>
    </message>
</context>
<context>
    <name>HubBar</name>
    <message>
        <source>Download</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Do not keep the base on this computer</source>
        <translation>不在此电脑上保留基础模型</translation>
    </message>
    <message>
        <source>Do not &amp;keep the base</source>
        <translation>不保留基础模型(&amp;K)</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Enter a token…</source>
        <translation>输入令牌…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Go on with the download</source>
        <translation>继续下载</translation>
    </message>
</context>
<context>
    <name>HubField</name>
    <message>
        <source>Looking at {name} on the hub…</source>
        <translation>正在 Hub 上查看 {name}…</translation>
    </message>
    <message>
        <source>Getting ready…</source>
        <translation>正在准备…</translation>
    </message>
</context>
<context>
    <name>InputsPanel</name>
    <message>
        <source>Clear all inputs</source>
        <translation>清空所有输入</translation>
    </message>
    <message>
        <source>&amp;Precision</source>
        <translation>精度(&amp;P)</translation>
    </message>
    <message>
        <source>How to merge</source>
        <translation>合并方式</translation>
    </message>
</context>
<context>
    <name>JudgedPanel</name>
    <message>
        <source>Peak memory</source>
        <translation>内存峰值</translation>
    </message>
    <message>
        <source>With the libraries</source>
        <translation>含依赖库</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>检查项</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>检查结果</translation>
    </message>
    <message>
        <source>Verification checks</source>
        <translation>验证的检查项</translation>
    </message>
</context>
<context>
    <name>Language</name>
    <message>
        <source>en</source>
        <translation>zh_CN</translation>
    </message>
</context>
<context>
    <name>Library</name>
    <message>
        <source>Merged here</source>
        <translation>在此合并</translation>
    </message>
    <message>
        <source>Adapter</source>
        <translation>适配器</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Files with weights are missing.</source>
        <translation>缺少权重文件。</translation>
    </message>
    <message>
        <source>Made of {inputs}</source>
        <translation>由 {inputs} 合并而成</translation>
    </message>
    <message>
        <source>Trained on {base}, which is on this computer.</source>
        <translation>以 {base} 为基础训练，该模型在这台电脑上。</translation>
    </message>
    <message>
        <source>Trained on {base}, which is not on this computer.</source>
        <translation>以 {base} 为基础训练，该模型不在这台电脑上。</translation>
    </message>
    <message>
        <source>{name} is among the adapters now.</source>
        <translation>{name} 现在是适配器之一。</translation>
    </message>
    <message>
        <source>{name} is the base model now.</source>
        <translation>{name} 现在是基础模型。</translation>
    </message>
    <message>
        <source>{name} is the model to verify now.</source>
        <translation>{name} 现在是要验证的模型。</translation>
    </message>
</context>
<context>
    <name>LibraryController</name>
    <message>
        <source>Choose a folder to look in</source>
        <translation>选择要查找的文件夹</translation>
    </message>
    <message>
        <source>The path is on the clipboard.</source>
        <translation>路径已复制到剪贴板。</translation>
    </message>
    <message>
        <source>{name} is no longer listed. The folder stays.</source>
        <translation>{name} 不再列出。文件夹会保留。</translation>
    </message>
</context>
<context>
    <name>LibraryModel</name>
    <message>
        <source>The day on which the latest of its files was written</source>
        <translation>其中最新文件的写入日期</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>类</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Base</source>
        <translation>基础模型</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>日期</translation>
    </message>
</context>
<context>
    <name>LibraryPage</name>
    <message>
        <source>Models and adapters on this computer</source>
        <translation>这台电脑上的模型和适配器</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>正在查找…</translation>
    </message>
    <message>
        <source>Adapters that were trained on {name}</source>
        <translation>以 {name} 为基础训练的适配器</translation>
    </message>
    <message>
        <source>Nothing in the library is like that.</source>
        <translation>模型库中没有符合的内容。</translation>
    </message>
    <message>
        <source>There is more in {folder} than is shown.</source>
        <translation>{folder} 中还有未显示的内容。</translation>
    </message>
    <message>
        <source>{folder} is not there now, or cannot be read.</source>
        <translation>{folder} 现在不存在，或者无法读取。</translation>
    </message>
    <message>
        <source>Look no more in</source>
        <translation>不再查找</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Search the library</source>
        <translation>搜索模型库</translation>
    </message>
    <message>
        <source>What was merged with this program</source>
        <translation>用本程序合并的内容</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Adapters</source>
        <translation>适配器</translation>
    </message>
    <message>
        <source>Merged here</source>
        <translation>在此合并</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>重新查看</translation>
    </message>
    <message>
        <source>Add a folder to look in…</source>
        <translation>添加要查找的文件夹…</translation>
    </message>
    <message>
        <source>Added folders…</source>
        <translation>已添加的文件夹…</translation>
    </message>
    <message>
        <source>No models or adapters were found in the caches of the hubs, or in folders that you chose before. Add the folder in which you keep models or training runs, and all that lies in it is listed here.</source>
        <translation>在各 Hub 的缓存以及你以前选择过的文件夹中，都没有找到模型或适配器。请添加存放模型或训练输出的文件夹，其中的所有内容就会列在这里。</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>全部显示</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>模型库</translation>
    </message>
    <message>
        <source>Double-click a row, or drag it, to put it into the form.</source>
        <translation>双击一行，或者拖动它，即可填入表单。</translation>
    </message>
</context>
<context>
    <name>LicencesDialog</name>
    <message>
        <source>Licences</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>Works</source>
        <translation>组件</translation>
    </message>
    <message>
        <source>Licence text</source>
        <translation>许可证文本</translation>
    </message>
    <message>
        <source>Reading the licences…</source>
        <translation>正在读取许可证…</translation>
    </message>
    <message>
        <source>This work brings no licence text.</source>
        <translation>此组件未附带许可证文本。</translation>
    </message>
    <message>
        <source>MergeDesk is under the Apache License 2.0. What it is built on is under licences of its own; Qt and PySide6 are used under the LGPL 3.</source>
        <translation>MergeDesk 采用 Apache 许可证 2.0。它所依赖的组件各有其许可证；Qt 和 PySide6 依据 LGPL 3 使用。</translation>
    </message>
</context>
<context>
    <name>LogDialog</name>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Nothing has been logged yet.</source>
        <translation>还没有日志。</translation>
    </message>
    <message>
        <source>What the program did, the latest at the end, without the names of folders, user and computer.</source>
        <translation>程序做过的事，最新的在最后；不含文件夹、用户和计算机的名称。</translation>
    </message>
    <message>
        <source>&amp;Read again</source>
        <translation>重新读取(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Copy log</source>
        <translation>复制日志(&amp;C)</translation>
    </message>
    <message>
        <source>Show log &amp;folder</source>
        <translation>显示日志文件夹(&amp;F)</translation>
    </message>
    <message>
        <source>Copied to the clipboard.</source>
        <translation>已复制到剪贴板。</translation>
    </message>
</context>
<context>
    <name>MadeOfBand</name>
    <message>
        <source>Show these inputs again</source>
        <translation>再次显示这些输入</translation>
    </message>
    <message>
        <source>Show the progress</source>
        <translation>显示进度</translation>
    </message>
    <message>
        <source>At work since {time} on other inputs than those chosen now: {names}</source>
        <translation>自 {time} 起正在处理与当前所选不同的输入：{names}</translation>
    </message>
    <message>
        <source>This is of other inputs than those chosen now: {names}, {time}</source>
        <translation>这里的内容来自与当前所选不同的输入：{names}，{time}</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Added to the queue.</source>
        <translation>已加入队列。</translation>
    </message>
    <message>
        <source>{name} is neither a model nor an adapter. What is chosen stays.</source>
        <translation>{name} 既不是模型也不是适配器。已选择的内容保持不变。</translation>
    </message>
</context>
<context>
    <name>ManualWindow</name>
    <message>
        <source>Manual</source>
        <translation>手册</translation>
    </message>
    <message>
        <source>Chapter</source>
        <translation>章节</translation>
    </message>
    <message>
        <source>Search the manual</source>
        <translation>搜索手册</translation>
    </message>
    <message>
        <source>Contents</source>
        <translation>目录</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>后退</translation>
    </message>
    <message>
        <source>Forward</source>
        <translation>前进</translation>
    </message>
    <message numerus="yes">
        <source>%n place(s) found.</source>
        <translation>
            <numerusform>找到 %n 处。</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing was found.</source>
        <translation>没有找到任何内容。</translation>
    </message>
</context>
<context>
    <name>MeasurementCard</name>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Stop (Esc)</source>
        <translation>停止（Esc）</translation>
    </message>
</context>
<context>
    <name>MeasurementsPanel</name>
    <message>
        <source>Compare logits</source>
        <translation>比较 logits</translation>
    </message>
    <message>
        <source>Runs a few prompts, yours among them, through all three models and compares what each gives every possible next token: this tells a real difference from rounding.</source>
        <translation>用几条提示词（包括您的提示词）运行全部三个模型，并比较它们对每个可能的下一个 token 给出的值，从而区分真正的差异与舍入误差。</translation>
    </message>
    <message>
        <source>Measure speed</source>
        <translation>测量速度</translation>
    </message>
    <message>
        <source>Lets the unmerged and the merged model answer in turn, several times, and takes the middle values.</source>
        <translation>让未合并的模型和合并后的模型轮流回答数次，并取中位数。</translation>
    </message>
</context>
<context>
    <name>MergeController</name>
    <message>
        <source>Cancelling…</source>
        <translation>正在取消…</translation>
    </message>
    <message>
        <source>Save report</source>
        <translation>保存报告</translation>
    </message>
    <message>
        <source>{verdict} in {time}.</source>
        <translation>{verdict}，用时 {time}。</translation>
    </message>
    <message>
        <source>Cancelled. Base and adapter are as they were.</source>
        <translation>已取消。基础模型和适配器保持原样。</translation>
    </message>
    <message>
        <source>Copied to the clipboard.</source>
        <translation>已复制到剪贴板。</translation>
    </message>
</context>
<context>
    <name>ModuleTable</name>
    <message>
        <source>Search the tensors</source>
        <translation>搜索张量</translation>
    </message>
    <message>
        <source>Show those that are right as well</source>
        <translation>同时显示正确的张量</translation>
    </message>
    <message numerus="yes">
        <source>%n tensor(s) of the adapter not as they should be</source>
        <translation>
            <numerusform>适配器有 %n 个张量与预期不符</numerusform>
        </translation>
    </message>
    <message>
        <source>Every tensor of the adapter is as it should be</source>
        <translation>适配器的所有张量都符合预期</translation>
    </message>
    <message>
        <source>{shown} of the adapter's {total} tensors shown</source>
        <translation>显示适配器 {total} 个张量中的 {shown} 个</translation>
    </message>
    <message>
        <source>Tensors of the adapter</source>
        <translation>适配器的张量</translation>
    </message>
    <message>
        <source>Tensor</source>
        <translation>张量</translation>
    </message>
    <message>
        <source>What happened</source>
        <translation>合并情况</translation>
    </message>
    <message>
        <source>Factor</source>
        <translation>倍数</translation>
    </message>
    <message>
        <source>How many times the adapter's change was added; right is 1</source>
        <translation>适配器的变化以多少倍加入；正确值为 1</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>变化</translation>
    </message>
    <message>
        <source>The size of the adapter's change, relative to the base's weight</source>
        <translation>适配器带来的变化相对于基础模型权重的大小</translation>
    </message>
</context>
<context>
    <name>Notice</name>
    <message>
        <source>Copied to the clipboard.</source>
        <translation>已复制到剪贴板。</translation>
    </message>
</context>
<context>
    <name>OllamaBox</name>
    <message>
        <source>Runs “ollama create” with the Modelfile shown below. Nothing is changed in the merged folder.</source>
        <translation>使用下方显示的 Modelfile 运行“ollama create”。合并后的文件夹不会有任何改动。</translation>
    </message>
    <message>
        <source>Create in Ollama</source>
        <translation>在 Ollama 中创建</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>What Ollama says</source>
        <translation>Ollama 的输出</translation>
    </message>
    <message>
        <source>Ollama is at work…</source>
        <translation>Ollama 正在处理…</translation>
    </message>
    <message>
        <source>“{name}” is in Ollama.</source>
        <translation>“{name}”已在 Ollama 中。</translation>
    </message>
    <message>
        <source>Run it</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Stopped. Nothing new is in Ollama.</source>
        <translation>已停止。Ollama 中没有新增内容。</translation>
    </message>
</context>
<context>
    <name>OneEachDialog</name>
    <message>
        <source>One merge each</source>
        <translation>逐一合并</translation>
    </message>
    <message>
        <source>Add to queue</source>
        <translation>加入队列</translation>
    </message>
    <message>
        <source>Each adapter is merged by itself, into each of these base models, at each strength.</source>
        <translation>所选的每个适配器都会以下列每个强度，分别合并到下列每个基础模型中。</translation>
    </message>
    <message>
        <source>&amp;Strengths, with spaces between them</source>
        <translation>强度，以空格分隔(&amp;S)</translation>
    </message>
    <message>
        <source>Write numbers such as 0.5 1.</source>
        <translation>请输入数字，例如 0.5 1。</translation>
    </message>
</context>
<context>
    <name>Opening</name>
    <message>
        <source>The folder could not be shown.</source>
        <translation>无法显示该文件夹。</translation>
    </message>
    <message>
        <source>Either it is gone, or no program on this computer shows folders. It is {path}</source>
        <translation>它可能已不存在，或者本机没有可显示文件夹的程序。位置：{path}</translation>
    </message>
    <message>
        <source>The file could not be opened.</source>
        <translation>无法打开该文件。</translation>
    </message>
    <message>
        <source>Either it is gone, or no program on this computer opens such files. It is {path}</source>
        <translation>它可能已不存在，或者本机没有可打开此类文件的程序。位置：{path}</translation>
    </message>
    <message>
        <source>No browser could be opened.</source>
        <translation>无法打开浏览器。</translation>
    </message>
    <message>
        <source>The page is {address}</source>
        <translation>网页地址：{address}</translation>
    </message>
</context>
<context>
    <name>OutcomePage</name>
    <message>
        <source>Merge again</source>
        <translation>再次合并</translation>
    </message>
    <message>
        <source>What is left is named on the page “Before the merge”.</source>
        <translation>残留内容列在“合并之前”页面上。</translation>
    </message>
    <message>
        <source>Nothing was left behind. Base and adapter are as they were.</source>
        <translation>没有任何残留。基础模型和适配器保持原样。</translation>
    </message>
    <message>
        <source>Base and adapter are as they were.</source>
        <translation>基础模型和适配器保持原样。</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>已取消</translation>
    </message>
</context>
<context>
    <name>OutputField</name>
    <message>
        <source>&amp;Replace what is in this folder</source>
        <translation>替换此文件夹中的内容(&amp;R)</translation>
    </message>
    <message>
        <source>The old content stays until the new model is verified.</source>
        <translation>原有内容会保留到新模型通过验证为止。</translation>
    </message>
</context>
<context>
    <name>OutputPart</name>
    <message>
        <source>&amp;Folder for merged models</source>
        <translation>合并结果的文件夹(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Name of their folders</source>
        <translation>结果文件夹的名称(&amp;N)</translation>
    </message>
    <message>
        <source>beside the adapter</source>
        <translation>与适配器放在一起</translation>
    </message>
    <message>
        <source>Choose a folder for merged models</source>
        <translation>选择合并结果的文件夹</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Give the whole path, from the root on.</source>
        <translation>请给出从根目录开始的完整路径。</translation>
    </message>
    <message>
        <source>This cannot be the name of a folder.</source>
        <translation>这不能作为文件夹名称。</translation>
    </message>
    <message>
        <source>Proposed for every merge; a folder that you choose for one merge holds for that one.</source>
        <translation>每次合并都会建议使用它；为某次合并单独选择的文件夹只对那一次有效。</translation>
    </message>
    <message>
        <source>{placeholders} stand for names and the day. Example: {example}</source>
        <translation>{placeholders} 代表名称和日期。示例：{example}</translation>
    </message>
</context>
<context>
    <name>OutsideController</name>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Look into the window for the reason.</source>
        <translation>请在窗口中查看原因。</translation>
    </message>
    <message>
        <source>A model is being merged or verified</source>
        <translation>正在合并或验证模型</translation>
    </message>
    <message>
        <source>Starting – {name}</source>
        <translation>正在开始 – {name}</translation>
    </message>
    <message>
        <source>{stage} – {name}</source>
        <translation>{stage} – {name}</translation>
    </message>
    <message>
        <source>{number} % {stage} – {name}</source>
        <translation>{number}% {stage} – {name}</translation>
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
        <translation>打包权重的形式</translation>
    </message>
    <message>
        <source>Scales</source>
        <translation>缩放系数</translation>
    </message>
    <message>
        <source>Size of groups</source>
        <translation>分组大小</translation>
    </message>
    <message>
        <source>Writes a packed copy into a new folder. Every packed weight is read back and proved.</source>
        <translation>将打包副本写入新文件夹。每个打包权重都会读回并验证。</translation>
    </message>
    <message>
        <source>Pack it</source>
        <translation>打包</translation>
    </message>
    <message>
        <source>Stop packing</source>
        <translation>停止打包</translation>
    </message>
    <message>
        <source>Add the packed model to the queue</source>
        <translation>将打包的模型加入队列</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Add to queue</source>
        <translation>加入队列</translation>
    </message>
    <message>
        <source>Open the folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Packed model</source>
        <translation>打包后的模型</translation>
    </message>
    <message>
        <source>A scale for each row</source>
        <translation>每行一个缩放系数</translation>
    </message>
    <message>
        <source>A scale for each block of 128</source>
        <translation>每个 128 的块一个缩放系数</translation>
    </message>
    <message>
        <source>The usual choice.</source>
        <translation>通常的选择。</translation>
    </message>
    <message>
        <source>As DeepSeek’s models have them.</source>
        <translation>与 DeepSeek 的模型相同。</translation>
    </message>
    <message>
        <source>Groups of 128</source>
        <translation>每组 128 个</translation>
    </message>
    <message>
        <source>Groups of 32</source>
        <translation>每组 32 个</translation>
    </message>
    <message>
        <source>Larger files, less is lost.</source>
        <translation>文件较大，损失较小。</translation>
    </message>
    <message>
        <source>Pack for vLLM and SGLang</source>
        <translation>为 vLLM 和 SGLang 打包</translation>
    </message>
</context>
<context>
    <name>PassedLine</name>
    <message numerus="yes">
        <source>All %n check(s) passed.</source>
        <translation>
            <numerusform>全部 %n 项检查均已通过。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n had nothing to compare.</source>
        <translation>
            <numerusform>%n 项没有可比较的内容。</numerusform>
        </translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>隐藏</translation>
    </message>
</context>
<context>
    <name>PlaceRow</name>
    <message>
        <source>New folders are made in the one that you choose.</source>
        <translation>新文件夹会建在您选择的文件夹中。</translation>
    </message>
    <message>
        <source>Elsewhere…</source>
        <translation>其他位置…</translation>
    </message>
    <message>
        <source>What is made goes into</source>
        <translation>生成的内容放入</translation>
    </message>
    <message>
        <source>Choose where new folders are made</source>
        <translation>选择新文件夹的位置</translation>
    </message>
</context>
<context>
    <name>PlaygroundController</name>
    <message>
        <source>A trial is running. Stop it or wait for its end.</source>
        <translation>正在试用。请停止，或等待其结束。</translation>
    </message>
    <message>
        <source>Choose at least one model to answer.</source>
        <translation>请至少选择一个模型来回答。</translation>
    </message>
    <message>
        <source>Type a prompt first.</source>
        <translation>请先输入提示词。</translation>
    </message>
    <message>
        <source>There is no merge to try out yet.</source>
        <translation>还没有可供试用的合并结果。</translation>
    </message>
    <message>
        <source>A trial is running.</source>
        <translation>正在试用。</translation>
    </message>
    <message>
        <source>Wait until what is running has ended.</source>
        <translation>请等待正在运行的任务结束。</translation>
    </message>
    <message>
        <source>Waits for its turn</source>
        <translation>等待轮到</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>正在停止…</translation>
    </message>
    <message>
        <source>Getting ready…</source>
        <translation>正在准备…</translation>
    </message>
    <message>
        <source>No answer</source>
        <translation>没有回答</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
</context>
<context>
    <name>PreferencesDialog</name>
    <message>
        <source>Preferences</source>
        <translation>偏好设置</translation>
    </message>
    <message>
        <source>&amp;Reset all</source>
        <translation>全部重置(&amp;R)</translation>
    </message>
    <message>
        <source>Reset all preferences</source>
        <translation>重置所有偏好设置</translation>
    </message>
    <message>
        <source>Everything as it is without a wish of yours</source>
        <translation>一切恢复为默认设置</translation>
    </message>
</context>
<context>
    <name>PreflightPanel</name>
    <message numerus="yes">
        <source>%n problem(s) to solve first</source>
        <translation>
            <numerusform>需先解决 %n 个问题</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing was changed. Each one below says what to do.</source>
        <translation>没有做任何更改。下面逐项说明了该怎么做。</translation>
    </message>
    <message>
        <source>Looking at the folders…</source>
        <translation>正在查看文件夹…</translation>
    </message>
    <message>
        <source>So far files were only looked into; nothing was written.</source>
        <translation>目前只查看了文件；未写入任何内容。</translation>
    </message>
    <message>
        <source>Choose the merged model to verify</source>
        <translation>请选择待验证的合并后模型</translation>
    </message>
    <message numerus="yes">
        <source>Ready, with %n thing(s) to weigh</source>
        <translation>
            <numerusform>已就绪，有 %n 项需要斟酌</numerusform>
        </translation>
    </message>
    <message>
        <source>Ready to verify</source>
        <translation>可以验证</translation>
    </message>
    <message>
        <source>Ready to merge</source>
        <translation>可以合并</translation>
    </message>
    <message>
        <source>Modules matched</source>
        <translation>匹配的模块</translation>
    </message>
    <message>
        <source>Base weights</source>
        <translation>基础模型权重</translation>
    </message>
    <message>
        <source>Output weights</source>
        <translation>输出权重</translation>
    </message>
    <message>
        <source>Merged size</source>
        <translation>合并后大小</translation>
    </message>
    <message>
        <source>Free space</source>
        <translation>可用空间</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>引擎</translation>
    </message>
</context>
<context>
    <name>ProgressPanel</name>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>All folders are only read. After cancelling there is no verdict, and nothing else changes.</source>
        <translation>所有文件夹都只会被读取。取消后不会有结论，其他一切不变。</translation>
    </message>
    <message>
        <source>The output takes its name only once it is verified. Cancelling leaves nothing behind.</source>
        <translation>输出只有通过验证后才会获得正式名称。取消不会留下任何残留。</translation>
    </message>
    <message>
        <source>Cancelling…</source>
        <translation>正在取消…</translation>
    </message>
</context>
<context>
    <name>PromptCard</name>
    <message>
        <source>Prompt</source>
        <translation>提示词</translation>
    </message>
    <message>
        <source>Ask what the adapter was trained for</source>
        <translation>问一些适配器训练过的内容</translation>
    </message>
    <message>
        <source>Answer (Ctrl+Enter)</source>
        <translation>回答（Ctrl+Enter）</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Stop (Esc)</source>
        <translation>停止（Esc）</translation>
    </message>
    <message>
        <source>Processor (CPU)</source>
        <translation>处理器（CPU）</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Prompts used last, and a few examples</source>
        <translation>最近使用的提示词和一些示例</translation>
    </message>
    <message>
        <source>Prompts</source>
        <translation>提示词</translation>
    </message>
    <message>
        <source>Wraps the base you chose; merge_and_unload() then gives the plain model.</source>
        <translation>包装所选的基础模型；之后 merge_and_unload() 会给出普通模型。</translation>
    </message>
    <message>
        <source>Reads the base's path from adapter_config.json; stays unmerged, without merge_and_unload().</source>
        <translation>从 adapter_config.json 读取基础模型的路径；保持未合并，没有 merge_and_unload()。</translation>
    </message>
    <message>
        <source>How the unmerged side is loaded</source>
        <translation>未合并一侧的加载方式</translation>
    </message>
    <message>
        <source>Each model as it is stored.</source>
        <translation>每个模型使用各自存储的精度。</translation>
    </message>
    <message>
        <source>Hardly any rounding; slower, and takes more memory.</source>
        <translation>几乎没有舍入；较慢，占用更多内存。</translation>
    </message>
    <message>
        <source>As stored</source>
        <translation>按存储的精度</translation>
    </message>
    <message>
        <source>Calculated in</source>
        <translation>计算精度</translation>
    </message>
    <message>
        <source>Longest answer, in tokens</source>
        <translation>最长回答（token 数）</translation>
    </message>
    <message>
        <source>Answered by</source>
        <translation>参与回答</translation>
    </message>
    <message>
        <source>In tokens; it may end before.</source>
        <translation>以 token 计；可能提前结束。</translation>
    </message>
    <message>
        <source>Longest answer</source>
        <translation>最长回答</translation>
    </message>
</context>
<context>
    <name>ProvenanceSuggestions</name>
    <message>
        <source>Fill them in</source>
        <translation>填入</translation>
    </message>
    <message>
        <source>Its report says what it was made of, and here are: {names}.</source>
        <translation>其报告记录了合并来源，已找到：{names}。</translation>
    </message>
    <message>
        <source>Not found: {names}.</source>
        <translation>未找到：{names}。</translation>
    </message>
</context>
<context>
    <name>Queue</name>
    <message>
        <source>A job was cut off when the program ended. “Go on” finishes it.</source>
        <translation>程序结束时有一个任务被中断。“继续”会把它做完。</translation>
    </message>
    <message>
        <source>Save the queue</source>
        <translation>保存队列</translation>
    </message>
    <message>
        <source>Add jobs from a file</source>
        <translation>从文件添加任务</translation>
    </message>
</context>
<context>
    <name>QueuePage</name>
    <message>
        <source>Job</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>队列</translation>
    </message>
    <message>
        <source>Move up</source>
        <translation>上移</translation>
    </message>
    <message>
        <source>Move down</source>
        <translation>下移</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Open report</source>
        <translation>打开报告</translation>
    </message>
    <message>
        <source>Show folder</source>
        <translation>显示文件夹</translation>
    </message>
    <message>
        <source>Put into the form</source>
        <translation>填入表单</translation>
    </message>
    <message>
        <source>Hold the queue</source>
        <translation>暂停队列</translation>
    </message>
    <message>
        <source>Remove what is done</source>
        <translation>移除已完成的任务</translation>
    </message>
    <message>
        <source>Add from a file…</source>
        <translation>从文件添加…</translation>
    </message>
    <message>
        <source>Save as a file…</source>
        <translation>保存为文件…</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Start the queue</source>
        <translation>启动队列</translation>
    </message>
</context>
<context>
    <name>RecentMenu</name>
    <message>
        <source>No recent folders</source>
        <translation>没有最近使用的文件夹</translation>
    </message>
    <message>
        <source>Clear this list</source>
        <translation>清空此列表</translation>
    </message>
</context>
<context>
    <name>ResultsPanel</name>
    <message>
        <source>Before verifying</source>
        <translation>验证之前</translation>
    </message>
    <message>
        <source>Before the merge</source>
        <translation>合并之前</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>模型库</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Help for this page (F1)</source>
        <translation>此页面的帮助（F1）</translation>
    </message>
    <message>
        <source>Queue ({number})</source>
        <translation>队列（{number}）</translation>
    </message>
    <message>
        <source>Effect</source>
        <translation>效果</translation>
    </message>
    <message>
        <source>Try it</source>
        <translation>试用</translation>
    </message>
    <message>
        <source>Use it</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>队列</translation>
    </message>
</context>
<context>
    <name>RoundingPicker</name>
    <message>
        <source>Rounding</source>
        <translation>舍入</translation>
    </message>
    <message>
        <source>Seed of the rounding</source>
        <translation>舍入的随机种子</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>The same seed rounds the same weights in the same way.</source>
        <translation>相同的随机种子以相同的方式舍入相同的权重。</translation>
    </message>
</context>
<context>
    <name>SaveDocument</name>
    <message>
        <source>Web page</source>
        <translation>网页</translation>
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
        <translation>无法保存文件：{reason}。</translation>
    </message>
    <message>
        <source>Choose another folder, one you may write to.</source>
        <translation>请选择另一个您有写入权限的文件夹。</translation>
    </message>
    <message>
        <source>Saved as {name}.</source>
        <translation>已保存为 {name}。</translation>
    </message>
</context>
<context>
    <name>ShortcutsDialog</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>菜单</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>Alt and an underlined letter press what carries it; Tab goes on, the arrow keys within a part.</source>
        <translation>按 Alt 加带下划线的字母即可操作相应控件；Tab 移到下一处，方向键在一个部分内移动。</translation>
    </message>
</context>
<context>
    <name>StartBar</name>
    <message>
        <source>Mer&amp;ge</source>
        <translation>合并(&amp;G)</translation>
    </message>
    <message>
        <source>Add to queue</source>
        <translation>加入队列</translation>
    </message>
    <message>
        <source>&amp;Verify</source>
        <translation>验证(&amp;V)</translation>
    </message>
</context>
<context>
    <name>StrengthAnswer</name>
    <message>
        <source>Merge at this strength</source>
        <translation>以此强度合并</translation>
    </message>
</context>
<context>
    <name>StrengthsPanel</name>
    <message>
        <source>Answer at this strength</source>
        <translation>以此强度回答</translation>
    </message>
    <message>
        <source>Merge at this strength</source>
        <translation>以此强度合并</translation>
    </message>
    <message>
        <source>Remove these answers</source>
        <translation>移除这些回答</translation>
    </message>
    <message>
        <source>Base and adapter are asked unmerged; the model stays loaded while only strengths change.</source>
        <translation>在未合并状态下询问基础模型和适配器；只改变强度时，模型保持加载。</translation>
    </message>
    <message>
        <source>Strength by ear</source>
        <translation>试听强度</translation>
    </message>
    <message>
        <source>Strength of {name}</source>
        <translation>{name} 的强度</translation>
    </message>
</context>
<context>
    <name>Tiles</name>
    <message>
        <source>{part} of {whole}</source>
        <translation>{part} / {whole}</translation>
    </message>
</context>
<context>
    <name>TokenDialog</name>
    <message>
        <source>Token for the hub</source>
        <translation>Hub 令牌</translation>
    </message>
    <message>
        <source>Let the system's keyring &amp;keep it</source>
        <translation>由系统密钥环保存(&amp;K)</translation>
    </message>
    <message>
        <source>For gated and private models, and for uploads. Make one on the hub's page of settings. MergeDesk writes it into no file, report or log; that of “hf auth login” serves without this.</source>
        <translation>用于受限和私有模型以及上传。可在 Hub 的设置页面创建。MergeDesk 不会将它写入任何文件、报告或日志；“hf auth login”的令牌无需在此输入即可使用。</translation>
    </message>
    <message>
        <source>&amp;Token</source>
        <translation>令牌(&amp;T)</translation>
    </message>
</context>
<context>
    <name>Tokens</name>
    <message>
        <source>It serves until the window is closed.</source>
        <translation>在窗口关闭前有效。</translation>
    </message>
</context>
<context>
    <name>TrialTables</name>
    <message>
        <source>Class</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Scores of every model</source>
        <translation>各模型的得分</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Logits compared</source>
        <translation>logits 的比较</translation>
    </message>
    <message>
        <source>The Kullback-Leibler divergence of the two models' probabilities, in nats</source>
        <translation>两个模型的概率之间的 Kullback-Leibler 散度，单位为 nat</translation>
    </message>
    <message>
        <source>The squared difference of the outputs, as a share of the outputs squared</source>
        <translation>输出之差的平方占输出平方的比例</translation>
    </message>
    <message>
        <source>Compared</source>
        <translation>比较对象</translation>
    </message>
    <message>
        <source>Largest
|Δ|</source>
        <translation>最大
|Δ|</translation>
    </message>
    <message>
        <source>KL,
mean</source>
        <translation>KL
均值</translation>
    </message>
    <message>
        <source>Relative,
mean</source>
        <translation>相对
均值</translation>
    </message>
    <message>
        <source>KL,
most</source>
        <translation>KL
最大值</translation>
    </message>
    <message>
        <source>Relative,
most</source>
        <translation>相对
最大值</translation>
    </message>
    <message>
        <source>Same first
choice</source>
        <translation>首选
相同</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Tokens/s</source>
        <translation>token/s</translation>
    </message>
    <message>
        <source>First token
after</source>
        <translation>首个 token
用时</translation>
    </message>
    <message>
        <source>Speeds measured</source>
        <translation>测得的速度</translation>
    </message>
</context>
<context>
    <name>Tryout</name>
    <message>
        <source>{names}, not merged yet</source>
        <translation>{names}，尚未合并</translation>
    </message>
    <message>
        <source>Explain in two sentences what a neural network is.</source>
        <translation>用两句话解释什么是神经网络。</translation>
    </message>
    <message>
        <source>Write a short poem about the sea.</source>
        <translation>写一首关于大海的短诗。</translation>
    </message>
    <message>
        <source>List three things to do on a rainy day.</source>
        <translation>列出雨天可以做的三件事。</translation>
    </message>
</context>
<context>
    <name>UploadDialog</name>
    <message>
        <source>Upload to the hub</source>
        <translation>上传到 Hub</translation>
    </message>
    <message>
        <source>Looking at what goes…</source>
        <translation>正在查看要上传的内容…</translation>
    </message>
    <message>
        <source>Getting ready…</source>
        <translation>正在准备…</translation>
    </message>
    <message>
        <source>owner/name</source>
        <translation>所有者/名称</translation>
    </message>
    <message>
        <source>&amp;Everybody may see it</source>
        <translation>所有人可见(&amp;E)</translation>
    </message>
    <message>
        <source>The card</source>
        <translation>模型卡片</translation>
    </message>
    <message>
        <source>Upload</source>
        <translation>上传</translation>
    </message>
    <message>
        <source>&amp;Upload</source>
        <translation>上传(&amp;U)</translation>
    </message>
    <message>
        <source>Add to &amp;queue</source>
        <translation>加入队列(&amp;Q)</translation>
    </message>
    <message>
        <source>Enter a token…</source>
        <translation>输入令牌…</translation>
    </message>
    <message>
        <source>Show its page</source>
        <translation>打开其页面</translation>
    </message>
    <message>
        <source>Its &amp;card, README.md</source>
        <translation>模型卡片 README.md(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Repository</source>
        <translation>仓库(&amp;R)</translation>
    </message>
</context>
<context>
    <name>VerdictPanel</name>
    <message>
        <source>What was compared</source>
        <translation>比较了什么</translation>
    </message>
    <message>
        <source>{merged}, compared with {sum}</source>
        <translation>{merged}，对比 {sum}</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>抽样</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Adapter's tensors right</source>
        <translation>正确的适配器张量</translation>
    </message>
    <message>
        <source>Tensors compared</source>
        <translation>已比较的张量</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>读取范围</translation>
    </message>
    <message>
        <source>Folder's kind</source>
        <translation>文件夹类型</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>用时</translation>
    </message>
    <message>
        <source>Compare every value of every tensor, not samples</source>
        <translation>比较每个张量的每个值，而不只是抽样</translation>
    </message>
    <message>
        <source>Verify every&amp;thing</source>
        <translation>全部验证(&amp;T)</translation>
    </message>
    <message>
        <source>Turn to Merge with the same base and adapters</source>
        <translation>以相同的基础模型和适配器切换到“合并”</translation>
    </message>
    <message>
        <source>Merge a&amp;new</source>
        <translation>重新合并(&amp;N)</translation>
    </message>
    <message>
        <source>Save verd&amp;ict…</source>
        <translation>保存结论(&amp;I)…</translation>
    </message>
    <message>
        <source>Cop&amp;y reason</source>
        <translation>复制原因(&amp;Y)</translation>
    </message>
    <message>
        <source>Open fo&amp;lder</source>
        <translation>打开文件夹(&amp;L)</translation>
    </message>
</context>
<context>
    <name>VerificationPanel</name>
    <message>
        <source>What was verified</source>
        <translation>验证了什么</translation>
    </message>
    <message>
        <source>The class was {before} and is now {after}.</source>
        <translation>原来的类是 {before}，现在是 {after}。</translation>
    </message>
    <message>
        <source>Combined: {how}</source>
        <translation>组合方式：{how}</translation>
    </message>
    <message>
        <source>Finished {moment}</source>
        <translation>完成于 {moment}</translation>
    </message>
    <message>
        <source>Modules merged</source>
        <translation>已合并的模块</translation>
    </message>
    <message>
        <source>Modules matched</source>
        <translation>匹配的模块</translation>
    </message>
    <message>
        <source>Tensors changed</source>
        <translation>已更改的张量</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>引擎</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>用时</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s)</source>
        <translation>
            <numerusform>%n 个文件</numerusform>
        </translation>
    </message>
    <message>
        <source>{files}, {size} in all</source>
        <translation>{files}，共 {size}</translation>
    </message>
    <message>
        <source>Ask base, adapter and merged model the same, side by side</source>
        <translation>向基础模型、适配器和合并后的模型提同样的问题，并排比较</translation>
    </message>
    <message>
        <source>With Ollama, LM Studio, vLLM, SGLang, llama.cpp or from Python</source>
        <translation>通过 Ollama、LM Studio、vLLM、SGLang、llama.cpp 或 Python</translation>
    </message>
    <message>
        <source>As a model that Ollama runs on this computer</source>
        <translation>成为 Ollama 在本机运行的模型</translation>
    </message>
    <message>
        <source>Try it</source>
        <translation>试用</translation>
    </message>
    <message>
        <source>Create in Ollama…</source>
        <translation>在 Ollama 中创建…</translation>
    </message>
    <message>
        <source>Use it…</source>
        <translation>使用…</translation>
    </message>
    <message>
        <source>Open fol&amp;der</source>
        <translation>打开文件夹(&amp;D)</translation>
    </message>
    <message>
        <source>Copy path</source>
        <translation>复制路径</translation>
    </message>
    <message>
        <source>Compare every value of the merged folder with base and adapters; so far it was samples</source>
        <translation>将合并后文件夹中的每个值与基础模型和适配器比较；此前只是抽样</translation>
    </message>
    <message>
        <source>Verify every&amp;thing</source>
        <translation>全部验证(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Save report…</source>
        <translation>保存报告(&amp;S)…</translation>
    </message>
    <message>
        <source>The same merge as a Python script with PEFT</source>
        <translation>用 PEFT 完成同一合并的 Python 脚本</translation>
    </message>
    <message>
        <source>&amp;Copy PEFT code</source>
        <translation>复制 PEFT 代码(&amp;C)</translation>
    </message>
    <message>
        <source>Look at what would go to a hub, and send it</source>
        <translation>查看将上传到 Hub 的内容并发送</translation>
    </message>
    <message>
        <source>Up&amp;load…</source>
        <translation>上传(&amp;L)…</translation>
    </message>
    <message>
        <source>Make GGUF…</source>
        <translation>生成 GGUF…</translation>
    </message>
    <message>
        <source>For llama.cpp, Ollama and LM Studio</source>
        <translation>用于 llama.cpp、Ollama 和 LM Studio</translation>
    </message>
    <message>
        <source>Keep the base and how to merge, and choose another adapter</source>
        <translation>保留基础模型和合并方式，选择另一个适配器</translation>
    </message>
    <message>
        <source>Next merge</source>
        <translation>下一次合并</translation>
    </message>
    <message>
        <source>Files of the result</source>
        <translation>结果中的文件</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
</context>
<context>
    <name>VerifyController</name>
    <message>
        <source>Save verdict</source>
        <translation>保存结论</translation>
    </message>
    <message>
        <source>{verdict}, found in {time}.</source>
        <translation>{verdict}，用时 {time}。</translation>
    </message>
    <message>
        <source>Cancelled. There is no verdict of this verification.</source>
        <translation>已取消。这次验证没有结论。</translation>
    </message>
</context>
<context>
    <name>VerifyInputs</name>
    <message>
        <source>How m&amp;uch to read</source>
        <translation>读取多少(&amp;U)</translation>
    </message>
    <message>
        <source>How to verify</source>
        <translation>验证方式</translation>
    </message>
</context>
<context>
    <name>WelcomePanel</name>
    <message>
        <source>Choose the base model</source>
        <translation>选择基础模型</translation>
    </message>
    <message>
        <source>The full model the adapter was trained on: a folder with config.json and its weights.</source>
        <translation>训练适配器时所用的完整模型：包含 config.json 及其权重的文件夹。</translation>
    </message>
    <message>
        <source>Choose the adapter</source>
        <translation>选择适配器</translation>
    </message>
    <message>
        <source>The LoRA or other PEFT adapter: a folder with adapter_config.json. If its base is already on this computer, it is found for you.</source>
        <translation>LoRA 或其他 PEFT 适配器：包含 adapter_config.json 的文件夹。如果它的基础模型已在本机上，会自动为您找到。</translation>
    </message>
    <message>
        <source>Folders can be dropped anywhere on this window.</source>
        <translation>可以将文件夹拖放到此窗口的任意位置。</translation>
    </message>
    <message>
        <source>Open the library</source>
        <translation>打开模型库</translation>
    </message>
    <message>
        <source>Fold an adapter into its model</source>
        <translation>将适配器并入其模型</translation>
    </message>
    <message>
        <source>Prove or refute a merge</source>
        <translation>验证一次合并是否正确</translation>
    </message>
    <message>
        <source>The merged model is written next to the adapter and takes its name only after it was verified: plain class, every tensor as planned, nothing lost. Base and adapter stay as they are.</source>
        <translation>合并后的模型写在适配器旁边，通过验证后才会获得正式名称：普通的类，每个张量都符合计划，没有任何丢失。基础模型和适配器保持原样。</translation>
    </message>
    <message>
        <source>The folder that any tool saved the merge in. Verify then says whether it is base plus adapter, and if not, what it is instead: the unmodified base, the adapter twice, half of its modules… All folders are only read.</source>
        <translation>由任意工具保存合并结果的文件夹。“验证”会判断它是否就是基础模型加适配器；如果不是，还会指出它实际上是什么：未修改的基础模型、适配器加了两次、只合并了一半模块……所有文件夹都只会被读取。</translation>
    </message>
    <message>
        <source>Merge and read the proof</source>
        <translation>合并并查看验证结果</translation>
    </message>
    <message>
        <source>Choose the merged model</source>
        <translation>选择合并后的模型</translation>
    </message>
</context>
<context>
    <name>WelcomeStep</name>
    <message>
        <source>done</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>to do</source>
        <translation>待完成</translation>
    </message>
    <message>
        <source>Choose folder…</source>
        <translation>选择文件夹…</translation>
    </message>
</context>
<context>
    <name>WorkPart</name>
    <message>
        <source>N&amp;otify me when a job ends</source>
        <translation>任务结束时通知我(&amp;O)</translation>
    </message>
    <message>
        <source>Where this window is not in front</source>
        <translation>当此窗口不在前台时</translation>
    </message>
    <message>
        <source>&amp;Play a sound when a job ends</source>
        <translation>任务结束时播放提示音(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Keep a list of past merges</source>
        <translation>保留合并记录(&amp;K)</translation>
    </message>
    <message>
        <source>Also of merges of the command line. What is in the list stays.</source>
        <translation>也包括命令行的合并。已有的记录会保留。</translation>
    </message>
    <message>
        <source>&amp;Threads of a merge</source>
        <translation>合并使用的线程数(&amp;T)</translation>
    </message>
    <message>
        <source>Also for merges of the queue that begin from now on. The result is the same with any number.</source>
        <translation>也适用于此后开始的队列合并。无论线程数多少，结果都相同。</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>As many as suit this computer</source>
        <translation>由这台电脑决定</translation>
    </message>
</context>
</TS>
