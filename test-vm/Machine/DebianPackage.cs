namespace Atoll.TestVm.Machine;

/// <summary>A package of Debian's that something here runs.</summary>
/// <param name="Name">The package.</param>
/// <param name="File">A file that is there when it is installed.</param>
public sealed record DebianPackage(string Name, string File)
{
    /// <summary>Whether it is installed, by whatever means.</summary>
    public bool IsInstalled => System.IO.File.Exists(File);
}
