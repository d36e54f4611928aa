using Atoll.Cli.Terminal;

namespace Atoll.Cli.Workspace;

/// <summary>Makes sure that QEMU is there.</summary>
public static class Emulator
{
    /// <summary>The program.</summary>
    public const string Program = "qemu-system-x86_64";

    private const string DebianPackage = "qemu-system-x86";

    /// <summary>QEMU's version line, or null when it is not installed.</summary>
    public static string? Version => ChildProcess.Ask(Program, "--version")?.Split('\n')[0];

    /// <summary>The command that installs QEMU here.</summary>
    public static string InstallCommand
    {
        get
        {
            if (OperatingSystem.IsMacOS())
            {
                return "brew install qemu";
            }

            if (OperatingSystem.IsWindows())
            {
                return "winget install SoftwareFreedomConservancy.QEMU";
            }

            return SystemPackages.UsesApt ? SystemPackages.InstallCommand(DebianPackage)
                : File.Exists("/usr/bin/dnf") ? "sudo dnf install qemu-system-x86-core"
                : File.Exists("/usr/bin/pacman") ? "sudo pacman -S qemu-system-x86"
                : $"install {Program} with your system's package manager";
        }
    }

    /// <summary>Installs QEMU when it is missing and Debian's package manager is here.</summary>
    /// <exception cref="UserException">It is missing and could not be installed.</exception>
    public static void Require()
    {
        if (Version is not null)
        {
            return;
        }

        if (!SystemPackages.UsesApt)
        {
            throw new UserException($"{Program} is missing. Install it with: {InstallCommand}");
        }

        Progress.Say($"{Program} is missing: {InstallCommand}");
        SystemPackages.Install(DebianPackage);
        if (Version is null)
        {
            throw new UserException($"{Program} could not be installed. Try: {InstallCommand}");
        }
    }
}
