using Atoll.Cli.Workspace;
using Atoll.TestVm.Machine;

namespace Atoll.Cli.Systems;

/// <summary>How a system is booted.</summary>
public static class SystemBoot
{
    /// <summary>What the machine has besides the grants: the kernel, its instances, the bundle.</summary>
    private const int OtherMiB = 64;

    private const int InstanceMiB = 1;

    /// <summary>The settings of a boot.</summary>
    /// <param name="settings">Image and the like.</param>
    /// <param name="plan">The system.</param>
    /// <param name="build">Its bundle.</param>
    /// <param name="cores">Cores of the machine; null: those that the system asks for.</param>
    /// <param name="memory">MiB of memory; null: enough.</param>
    /// <param name="boot">Further boot parameters.</param>
    /// <exception cref="UserException">The system needs more cores.</exception>
    public static VmSettings Settings(VmSettings settings, SystemPlan plan, SystemBuild build, int? cores, int? memory, string? boot)
    {
        SystemDescription system = plan.Description;
        if (cores < system.Cores)
        {
            throw new UserException($"the system '{system.Name}' needs {system.Cores} cores, and --cores says {cores} ({build.File}: cores)");
        }

        int machine = cores ?? system.Cores;
        return settings with
        {
            Cores = machine,
            MemoryMiB = memory ?? OtherMiB + (machine * (system.GrantMiB + InstanceMiB)),
            ModulePath = build.BundleFromRoot,
            Network = Network(system),
            BootParameters = $"{Parameters(system)} {boot}".TrimEnd(),
        };
    }

    /// <summary>The network card of a system that forwards ports; null: it has none.</summary>
    public static VmNetwork? Network(SystemDescription system) => system.Forwards.Count == 0
        ? null
        : VmNetwork.Of(system.Forwards.Select(forward => new GuestPort(forward.Port, forward.IsUdp)));

    /// <summary>How the host reaches what is forwarded, a line for each port; two for a web server's.</summary>
    public static IReadOnlyList<string> Reached(VmNetwork? network) => [.. network?.Forwards.SelectMany(Reached) ?? []];

    /// <summary>Boot parameters of a system: no end, and the serial line for a program.</summary>
    public static string Parameters(SystemDescription system) => $"end=never grant={system.GrantMiB} console=program";

    private static IEnumerable<string> Reached(PortForward forward)
    {
        const int webPort = 80;
        string address = $"127.0.0.1:{forward.Host}";
        return forward.Guest == new GuestPort(webPort)
            ? [$"curl http://{address}/metrics", $"in a browser: http://{address}/"]
            : [$"{forward.Guest} of the machine is {address}"];
    }
}
