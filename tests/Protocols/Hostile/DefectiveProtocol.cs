using System.Reflection;
using Atoll.Analyzers.Tests.Harness;
using Atoll.Planting;
using Atoll.Protocols.Tests.Generation;

namespace Atoll.Protocols.Tests.Hostile;

/// <summary>services/Lib, the sample protocol, what is made of it, and the hostile run: compiled in memory for the host, with one edit, and run.</summary>
internal sealed class DefectiveProtocol
{
    private const int Seeds = 4;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private readonly PlantedSources _sources = new(
        "Atoll.Defective",
        Texts(),
        ["System", "System.Collections.Generic", "System.IO", "System.Linq"],
        name => name.StartsWith("System.", StringComparison.Ordinal) || name == "Atoll.Abi.dll");

    /// <summary>Why an edit would show nothing; null: it fits.</summary>
    internal string? Fault(ProtocolDefect defect) => _sources.Fault(defect.File, defect.Find, defect.Replace, mayRepeat: true);

    /// <summary>Runs <see cref="HostileRun"/>.</summary>
    /// <param name="defect">What to plant; null: nothing.</param>
    /// <returns>null when nothing was found.</returns>
    internal string? Run(ProtocolDefect? defect) => defect is null
        ? _sources.FindNothing(s_patience, Look)
        : _sources.Find(defect.File, defect.Find, defect.Replace, s_patience, Look);

    private static string? Look(Assembly assembly)
    {
        MethodInfo run = assembly.GetType(typeof(HostileRun).FullName!)!.GetMethod(nameof(HostileRun.Run))!;
        return Enumerable.Range(1, Seeds).Select(seed => (string?)run.Invoke(null, [seed, 500])).FirstOrDefault(found => found is not null);
    }

    // By the name of the file; what the generators make, by the type.
    private static Dictionary<string, string> Texts() => Sources()
        .Select(file => (Name: Path.GetFileNameWithoutExtension(file), Text: File.ReadAllText(file).ReplaceLineEndings("\n")))
        .Concat(GeneratorRun.OverSample().Made.Select(made =>
            (Name: made.Key.Replace("Atoll.Protocols.Tests.Sample.", "", StringComparison.Ordinal) + ".g", Text: made.Value)))
        .ToDictionary(source => source.Name, source => source.Text);

    private static IEnumerable<string> Sources() =>
    [
        // Without the memory that a test maps for a program: no protocol needs it.
        .. new[] { "Protocols", "Capabilities", "Objects", "Host" }
            .SelectMany(folder => Repository.CSharpFiles(Repository.PathOf("services", "Lib", folder)))
            .Where(path => Path.GetFileName(path) != "HostRegion.cs"),
        .. new[] { "Bells", "Ipc", "Message" }.Select(name => Repository.PathOf("services", "Lib", "Kernel", $"{name}.cs")),
        .. Repository.CSharpFiles(Repository.PathOf("tests", "Protocols", "Sample")),
        .. new[] { "WireSpec", "SampleCall", "HostileRun" }.Select(name => Repository.PathOf("tests", "Protocols", "Hostile", $"{name}.cs")),
    ];
}
