namespace Atoll.Linker.Model;

/// <summary>Names of the sections of an image.</summary>
public static class ImageSections
{
    /// <summary>Data without bytes in the file.</summary>
    public const string DataZero = ".bss";

    /// <summary>Section for what lies in a place and has no section of its own.</summary>
    public static string NameOf(FragmentPlace place) => place switch
    {
        FragmentPlace.BootCode => ".boot.text",
        FragmentPlace.BootReadOnly => ".boot.rodata",
        FragmentPlace.BootData => ".boot.data",
        FragmentPlace.BootZero => ".boot.bss",
        FragmentPlace.Text => ".text",
        FragmentPlace.ReadOnly => ".rodata",
        _ => ".data",
    };
}
