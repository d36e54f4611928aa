using Atoll.Cli.Terminal;
using Atoll.TestVm.Machine;

namespace Atoll.Cli.Workspace;

/// <summary>Debian's package manager.</summary>
public static class SystemPackages
{
    /// <summary>Whether it is here.</summary>
    public static bool UsesApt => File.Exists("/usr/bin/apt-get");

    private static string Sudo => Environment.IsPrivilegedProcess ? "" : "sudo ";

    /// <summary>The command that installs packages.</summary>
    public static string InstallCommand(params IEnumerable<string> packages) =>
        $"{Sudo}apt-get update && {Sudo}apt-get install -y --no-install-recommends {string.Join(' ', packages)}";

    /// <summary>Installs packages.</summary>
    public static void Install(params IEnumerable<string> packages) =>
        ChildProcess.Run("sh", ["-c", InstallCommand(packages)], new Dictionary<string, string> { ["DEBIAN_FRONTEND"] = "noninteractive" });

    /// <summary>Installs what is missing, where that can be done. Nothing here depends on its success.</summary>
    public static void TryInstall(IEnumerable<DebianPackage> packages)
    {
        string[] missing = [.. packages.Where(package => !package.IsInstalled).Select(package => package.Name)];
        if (missing.Length > 0 && UsesApt)
        {
            Progress.Say($"missing: {InstallCommand(missing)}");
            Install(missing);
        }
    }
}
