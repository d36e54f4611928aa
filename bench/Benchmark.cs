using Atoll.TestVm.Machine;

namespace Atoll.Bench;

/// <summary>A set of figures that are measured together.</summary>
public abstract class Benchmark
{
    /// <summary>Name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>One sentence: what it measures.</summary>
    public abstract string Description { get; }

    /// <summary>Whether it measures the kernel image on a virtual machine.</summary>
    public virtual bool NeedsImage => true;

    /// <summary>Whether it measures the image for tests.</summary>
    public virtual bool NeedsTrialImage => NeedsImage;

    /// <summary>Projects of the programs that it runs, to be built first.</summary>
    public virtual IReadOnlyList<string> Projects => [];

    /// <summary>Systems that it runs, to be built first.</summary>
    public virtual IReadOnlyList<string> Systems => [];

    /// <summary>Debian packages that its peers need. Without them the peers' figures are missing, nothing else.</summary>
    public virtual IReadOnlyList<DebianPackage> Packages => [];

    /// <summary>Measures.</summary>
    /// <exception cref="BenchmarkException">What was to be measured did not run.</exception>
    public abstract IEnumerable<Figure> Measure(BenchmarkSetup setup);
}

/// <summary>What a benchmark measures.</summary>
/// <param name="ImagePath">The product's image.</param>
/// <param name="TrialImagePath">The image that measures itself and takes workloads of any kind.</param>
/// <param name="Icount">Whether guests count instructions. Otherwise they measure time, which an emulator makes meaningless but for comparison.</param>
public sealed record BenchmarkSetup(string ImagePath, string TrialImagePath, bool Icount);

/// <summary>What was to be measured did not run. The message says how it ended.</summary>
public sealed class BenchmarkException(string message) : Exception(message);
