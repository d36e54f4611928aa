using System.Diagnostics;
using Atoll.TestVm.Machine;
using Atoll.TestVm.Serial;

namespace Atoll.TestVm.Scenarios;

/// <summary>One claim about the kernel that needs a machine to be checked.</summary>
public abstract class Scenario
{
    /// <summary>Name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>One sentence: what is true when it passes.</summary>
    public abstract string Description { get; }

    /// <summary>Machines that it runs on unless the user chooses.</summary>
    public abstract IReadOnlyList<VmShape> Shapes { get; }

    /// <summary>The system of systems/ that it boots; null: it boots without programs.</summary>
    public virtual string? SystemName => null;

    /// <summary>The system that it boots on one machine: <see cref="SystemName"/>, unless machines with many cores have one of their own.</summary>
    public virtual string? SystemOn(VmShape shape) => SystemName;

    /// <summary>The systems of all its machines.</summary>
    public IEnumerable<string> Systems => Shapes.Select(SystemOn).OfType<string>().Distinct();

    /// <summary>Whether it boots the image for tests though it has a system.</summary>
    public virtual bool NeedsTrials => SystemName is null;

    /// <summary>Debian packages that it needs besides QEMU.</summary>
    public virtual IReadOnlyList<DebianPackage> Packages => [];

    /// <summary>File of a bundle that must lie beside the image; null: it boots without one.</summary>
    public virtual string? Bundle => null;

    /// <summary>Runs on one machine shape.</summary>
    /// <param name="shape">The machine.</param>
    /// <param name="imagePath">The image, as QEMU's command line shall name it.</param>
    /// <param name="modulePath">The bundle of <see cref="SystemOn"/>, as QEMU's command line shall name it.</param>
    public ScenarioResult Run(VmShape shape, string imagePath, string? modulePath = null)
    {
        long start = Stopwatch.GetTimestamp();
        var run = new ScenarioRun(shape, imagePath, modulePath);
        try
        {
            Execute(run);
        }
        catch (Exception error) when (error is VmException or SerialProtocolException or IOException)
        {
            run.Fail(error.Message);
        }

        return new ScenarioResult(Name, shape, run.Failures, run.Counts, Stopwatch.GetElapsedTime(start));
    }

    /// <summary>Boots, looks, and reports through <paramref name="run"/>.</summary>
    protected abstract void Execute(ScenarioRun run);
}
