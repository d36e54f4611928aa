using Atoll.Linker.Elf;
using Atoll.Linker.Tests.Elf;

namespace Atoll.Image.Tests;

/// <summary>LibObjectFile finds in the compiler's objects and in finished images what our reader finds, and writes the images
/// again byte for byte.</summary>
public sealed class SecondReaderTests
{
    private static readonly string[] s_images =
    [
        KernelImage.Path, KernelImage.In("artifacts", "programs", "console.elf"),
    ];

    [Fact]
    public void Object_IsReadAlike() => SecondReader.AssertAgrees(File.ReadAllBytes(KernelImage.Object));

    [Fact]
    public void Images_AreReadAlike() => Assert.All(s_images, path => SecondReader.AssertAgrees(File.ReadAllBytes(path)));

    [Fact]
    public void Images_AreWrittenAgainByteForByte() => Assert.All(s_images, path =>
    {
        byte[] image = File.ReadAllBytes(path);
        Assert.Equal(image, SecondReader.Write(SecondReader.Read(image)));
        Assert.Equal(image, ElfOutput.Write(ElfReader.Read(image, path, new())!));
    });
}
