namespace Atoll.Analyzers.Tests.Gate;

/// <summary>Every way that is known to silence an analyzer, and the two controls.</summary>
public static class BypassCatalog
{
    private const string Suppress = "[System.Diagnostics.CodeAnalysis.SuppressMessage(\"Atoll.State\", \"ATL0601\")]\n";

    // kernel/CoreLib has no such attribute, so whoever wants one must declare it.
    private const string SuppressAttribute =
        """
        namespace System.Diagnostics.CodeAnalysis
        {
            [System.AttributeUsage(System.AttributeTargets.All)]
            sealed class SuppressMessageAttribute(string category, string id) : System.Attribute
            {
                public int Unused => category == null || id == null ? 0 : 1;
            }
        }
        """;

    /// <summary>All cases.</summary>
    public static IReadOnlyList<Bypass> All { get; } =
    [
        new("sound room"),
        new("wrong room", "Room.cs(1,32): error ATL0601") { Source = Bypass.Wrong },

        new("pragma for all", "error ATL1003", "error ATL0601") { Source = "#pragma warning disable\n" + Bypass.Wrong },
        new("pragma for one", "error ATL1003", "error ATL0601") { Source = "#pragma warning disable ATL0601\n" + Bypass.Wrong },
        new("suppression", "error ATL1003", "error ATL0601") { Source = Suppress + Bypass.Wrong + SuppressAttribute },

        new("nowarn on the command line", "error ATL8002") { Source = Bypass.Wrong, Properties = "NoWarn=ATL0601" },
        new("nowarn in the project", "error ATL8002") { Project = Property("NoWarn", "$(NoWarn);CS1591;ATL0601") },
        new("nowarn of a load failure", "error ATL8002") { Project = Property("NoWarn", "$(NoWarn);9057") },
        new("nowarn of a crash", "error ATL8002") { Project = Property("NoWarn", "ad0001") },
        new("crash is no error", "error ATL8002") { Project = Property("WarningsNotAsErrors", "AD0001,CS8032") },
        new("warnings are no errors", "error ATL8002") { Properties = "TreatWarningsAsErrors=false" },

        new("warning level zero", "error ATL8002") { Properties = "WarningLevel=0" },
        new("nowarn of a dangling reference", "error ATL8002") { Source = Bypass.Dangling, Project = Property("NoWarn", "$(NoWarn);CS9091") },
        new("dangling reference", "error CS9091") { Source = Bypass.Dangling },
        new("globalconfig for dangling references", "error ATL8002")
        {
            Source = Bypass.Dangling,
            Files = [(".globalconfig", "is_global = true\ndotnet_diagnostic.CS9091.severity = none\n")],
        },
        new("pragma for dangling references", "error ATL1003") { Source = "#pragma warning disable CS9091\n" + Bypass.Dangling },

        new("editorconfig for a rule", "error ATL8002")
        {
            Files = [(".editorconfig", "[*.cs]\ndotnet_diagnostic.ATL0601.severity = none\n")],
        },
        new("editorconfig for a category", "error ATL8002")
        {
            Files = [(".editorconfig", "[*.cs]\ndotnet_analyzer_diagnostic.category-Atoll.State.severity = none\n")],
        },
        new("globalconfig for a rule", "error ATL8002")
        {
            Files = [(".globalconfig", "is_global = true\ndotnet_diagnostic.atl0601.severity = none\n")],
        },
        new("globalconfig for a crash", "error ATL8002")
        {
            Files = [(".globalconfig", "is_global = true\ndotnet_diagnostic.AD0001.severity = none\n")],
        },
        new("globalconfig for everything", "error ATL8002")
        {
            Files = [(".globalconfig", "is_global = true\ndotnet_analyzer_diagnostic.severity = none\n")],
        },
        new("rule set", "error ATL8002")
        {
            Project = Property("CodeAnalysisRuleSet", "$(MSBuildThisFileDirectory)Off.ruleset"),
            Files = [("Off.ruleset", "<RuleSet Name=\"Off\" ToolsVersion=\"16.0\" />")],
        },
        new("response file", "error ATL8002")
        {
            Project = Property("CompilerResponseFile", "$(MSBuildThisFileDirectory)off.rsp"),
            Files = [("off.rsp", "/skipanalyzers")],
        },

        new("analyzers off", "error ATL8001") { Source = Bypass.Wrong, Properties = "RunAnalyzers=false" },
        new("analyzers off in builds", "error ATL8001") { Project = Property("RunAnalyzersDuringBuild", "false") },
        new("skipanalyzers", "error ATL8003")
        {
            Source = Bypass.Wrong,
            Project = AfterChecks("<PropertyGroup><_SkipAnalyzers>true</_SkipAnalyzers></PropertyGroup>"),
        },
        new("rules not referenced", "error ATL8003") { Source = Bypass.Wrong, Project = AfterChecks(Remove) },
        new("other rules referenced", "error ATL8003") { Source = Bypass.Wrong, Project = AfterChecks(Replace(BrokenRules.Other)) },

        new("list taken away", "error ATL8003")
        {
            Project = AfterChecks("<ItemGroup><AdditionalFiles Remove=\"@(AdditionalFiles)\" Condition=\"'%(Filename)' == 'Trusted'\" /></ItemGroup>"),
        },
        new("another list in its place", "error ATL8003")
        {
            Files = [("Layers.txt", "Atoll.Services.Idle: *\n")],
            Project = AfterChecks(
                "<ItemGroup><AdditionalFiles Remove=\"@(AdditionalFiles)\" Condition=\"'%(Filename)' == 'Layers'\" />"
                + "<AdditionalFiles Include=\"$(Case)/Layers.txt\" /></ItemGroup>"),
        },
        new("another list in front of it", "error ATL8003")
        {
            Files = [("Layers.txt", "Atoll.Services.Idle: *\n")],
            Project = "<ItemGroup><AdditionalFiles Include=\"$(Case)/Layers.txt\" /></ItemGroup>",
        },

        new("rules for a newer compiler", "error CS9057") { Project = AfterChecks(Replace(BrokenRules.Newer)) },
        new("rules that cannot be made", "error CS8032") { Project = AfterChecks(Replace(BrokenRules.Unmakeable)) },
        new("rules that are no assembly", "error CS8034") { Project = AfterChecks(Replace(BrokenRules.Garbage)) },
        new("rule that crashes", "error AD0001") { Project = AfterChecks(Add(BrokenRules.Crashing)) },
        new("report that is a warning", "error ATL8004")
        {
            Project = AfterChecks(
                Add(BrokenRules.Mild) + "<PropertyGroup><TreatWarningsAsErrors>false</TreatWarningsAsErrors></PropertyGroup>"),
        },

        new("room outside the gate", "error ATL8005") { Source = Bypass.Wrong, HasGate = false },
    ];

    private const string Remove =
        "<ItemGroup><Analyzer Remove=\"@(Analyzer)\" Condition=\"'%(Filename)' == 'Atoll.Analyzers'\" /></ItemGroup>";

    private static string Add(string rules) => $"<ItemGroup><Analyzer Include=\"$(BrokenRules){rules}.dll\" /></ItemGroup>";

    private static string Replace(string rules) => Remove + Add(rules);

    private static string Property(string name, string value) => $"<PropertyGroup><{name}>{value}</{name}></PropertyGroup>";

    // Between the check of the settings and the compilation: what no check of settings can see.
    private static string AfterChecks(string content) => $"<Target Name=\"Tamper\" AfterTargets=\"RefuseSilence\">{content}</Target>";
}
