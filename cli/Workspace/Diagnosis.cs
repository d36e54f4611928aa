using System.Text.Json;

namespace Atoll.Cli.Workspace;

/// <summary>One thing that a machine has or lacks.</summary>
/// <param name="What">The thing.</param>
/// <param name="IsGood">Whether it is as it should be.</param>
/// <param name="Seen">What was found.</param>
/// <param name="Fix">What to do otherwise.</param>
/// <param name="IsNeeded">Whether Atoll cannot do without.</param>
public sealed record Finding(string What, bool IsGood, string Seen, string Fix, bool IsNeeded = true);

/// <summary>Looks at the machine without changing it.</summary>
public static class Diagnosis
{
    private const long DiskBytesMin = 2L << 30;

    /// <summary>Everything there is to find.</summary>
    public static IEnumerable<Finding> All(Repository repository) =>
    [
        Sdk(repository),
        Qemu(),
        Gdb(),
        PackageManager(),
        Disk(repository),
        IlCompiler(),
        Image(repository),
    ];

    private static Finding Sdk(Repository repository)
    {
        using JsonDocument pin = JsonDocument.Parse(File.ReadAllText(repository.In("global.json")));
        string asked = pin.RootElement.GetProperty("sdk").GetProperty("version").GetString()!;

        // The SDK's own launcher applies global.json: it prints a version only when one matches.
        string? found = ChildProcess.Ask("dotnet", "--version");
        return new Finding(
            ".NET SDK", found is not null, found is null ? $"none that global.json accepts ({asked} or newer)" : $"{found} (global.json: {asked} or newer)",
            $"install .NET SDK {asked} or a later 10.0 feature band: https://dotnet.microsoft.com/download");
    }

    private static Finding Qemu()
    {
        string? version = Emulator.Version;
        return new Finding("QEMU", version is not null, version ?? "not installed", Emulator.InstallCommand);
    }

    private static Finding Gdb()
    {
        string? version = ChildProcess.Ask("gdb", "--version")?.Split('\n')[0];
        string fix = SystemPackages.UsesApt ? "apt-get install gdb" : "install gdb";
        return new Finding("GDB", version is not null, version ?? "not installed; only 'run --gdb' needs it", fix, IsNeeded: false);
    }

    private static Finding PackageManager()
    {
        const string What = "package source";
        if (!SystemPackages.UsesApt)
        {
            return new Finding(What, Emulator.Version is not null, "no apt-get: QEMU is installed by hand", Emulator.InstallCommand, IsNeeded: false);
        }

        string? policy = ChildProcess.Ask("apt-cache", "policy", "qemu-system-x86");
        bool offers = policy?.Contains("Candidate: ", StringComparison.Ordinal) == true
            && !policy.Contains("Candidate: (none)", StringComparison.Ordinal);
        return new Finding(What, offers, offers ? "apt offers qemu-system-x86" : "apt does not know qemu-system-x86", "apt-get update", IsNeeded: false);
    }

    private static Finding Disk(Repository repository)
    {
        long free = new DriveInfo(repository.Root).AvailableFreeSpace;
        return new Finding("disk space", free >= DiskBytesMin, $"{free >> 20} MiB free", $"free {DiskBytesMin >> 30} GiB");
    }

    // NuGet unpacks files without their run permission; the build sets it on the compiler.
    private static Finding IlCompiler()
    {
        const string What = "ILC";
        string packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        string folder = Path.Combine(packages, "runtime.linux-x64.microsoft.dotnet.ilcompiler");
        string? compiler = Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "ilc", SearchOption.AllDirectories).Order(StringComparer.Ordinal).LastOrDefault()
            : null;
        if (compiler is null)
        {
            return new Finding(What, false, "not restored yet", "./build.sh image", IsNeeded: false);
        }

        bool runs = OperatingSystem.IsWindows() || File.GetUnixFileMode(compiler).HasFlag(UnixFileMode.UserExecute);
        return new Finding(What, runs, runs ? "restored, may be run" : "restored, without run permission", $"chmod +x {compiler}");
    }

    private static Finding Image(Repository repository)
    {
        bool there = File.Exists(repository.Image);
        return new Finding(
            "image", there, there ? $"{Repository.ImageFromRoot}, {new FileInfo(repository.Image).Length} bytes" : "not built yet",
            "./build.sh image", IsNeeded: false);
    }
}
