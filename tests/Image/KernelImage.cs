using Atoll.Linker.Diagnostics;
using Atoll.Linker.Inspect;

namespace Atoll.Image.Tests;

/// <summary>The image that the repository's build has made.</summary>
internal static class KernelImage
{
    /// <summary>Path of the image.</summary>
    public static string Path
    {
        get
        {
            string path = In("artifacts", "atoll.elf");
            Assert.True(File.Exists(path), $"{path} is missing: ./build.sh image");
            return path;
        }
    }

    /// <summary>Path of the object that ILC has made of the kernel.</summary>
    public static string Object => In("artifacts", "obj", "Image", "Atoll.Boot.o");

    /// <summary>A path in the repository.</summary>
    public static string In(params string[] parts) => System.IO.Path.Combine([SourceCopy.FindRepository(), .. parts]);

    /// <summary>What a loader puts into memory of an image in <c>artifacts</c>: no symbols, no debug information.</summary>
    public static byte[] LoadedBytes(string name)
    {
        string path = In("artifacts", name + ".elf");
        Assert.True(File.Exists(path), $"{path} is missing: ./build.sh test image");
        byte[] bytes = File.ReadAllBytes(path);
        DiagnosticBag diagnostics = new();
        ImageReport report = ImageInspector.Inspect(bytes, name, diagnostics)
            ?? throw new InvalidDataException(string.Join('\n', diagnostics.Found));
        return [.. report.Segments.SelectMany(segment => bytes[(int)segment.FileOffset..(int)(segment.FileOffset + segment.FileBytes)])];
    }

    /// <summary>What the linker's inspector says of it.</summary>
    public static ImageReport Inspect()
    {
        DiagnosticBag diagnostics = new();
        ImageReport? report = ImageInspector.Inspect(File.ReadAllBytes(Path), "atoll.elf", diagnostics);
        return report ?? throw new InvalidDataException(string.Join('\n', diagnostics.Found));
    }
}
