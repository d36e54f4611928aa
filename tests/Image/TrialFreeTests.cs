using System.Text;

namespace Atoll.Image.Tests;

/// <summary>The product's image holds nothing of what only tests ask for; the image for tests, which is the seeded defect here, does.</summary>
public sealed class TrialFreeTests
{
    // The names that the command line would know, the kinds of workloads and faults, and the code that does them.
    private static readonly string[] s_texts =
        ["workload.cores", "messages", "idle.turns", "matrix", "storm", "ring-errors", "start.never", "start.late", "kills", "fault=", "stack-overflow", "half-send", "stray-write", "non-canonical", "hostile", "ring.send.instructions", "ring.receive.instructions"];

    private static readonly string[] s_code =
        ["Atoll.Trials.", "Atoll.Workloads.", "x64_exhaust_stack", "x64_call_address", "x64_undefined_instruction"];

    [Fact]
    public void Product_HoldsNoTrial() => Assert.Empty(Found("atoll"));

    /// <summary>The same search finds all of it where it is.</summary>
    [Fact]
    public void TrialImage_HoldsEveryTrial() => Assert.Equal(s_texts.Concat(s_code), Found("atoll-trials"));

    // Every byte of the file but its debug information, and every name of the map.
    private static IEnumerable<string> Found(string image)
    {
        string loaded = Encoding.Latin1.GetString(KernelImage.LoadedBytes(image));
        string[] map = File.ReadAllLines(KernelImage.In("artifacts", image + ".map"));
        return s_texts.Where(text => loaded.Contains(text, StringComparison.Ordinal))
            .Concat(s_code.Where(name => map.Any(line => line.Contains(name, StringComparison.Ordinal))));
    }
}
