using Atoll.Linker.Model;
using Atoll.Linker.Profiles;
using Atoll.Linker.Tests.Dwarf;
using Atoll.Linker.Tests.Passes;

namespace Atoll.Linker.Tests.Elf;

/// <summary>LibObjectFile reads what we write as we read it, and writes it again byte for byte.</summary>
public sealed class SecondReaderTests
{
    private static readonly byte[] s_object = DebugObject.Sample().BuildBytes();
    private static readonly LinkedImage s_image = LinkedImage.Of(DebugObject.Sample().Zero("zeros", 64));

    private static readonly LinkedImage s_program = LinkedImage.Of(new LinkRequest
    {
        Objects = [new ObjectBuilder().Code("atoll_program_main", [0x0F, 0x0B]).Build()],
        Profile = ProgramProfile.Of(new ProgramRequest("read-twice", 4096)),
    });

    [Fact]
    public void ObjectIsReadAlike() => SecondReader.AssertAgrees(s_object);

    [Fact]
    public void ImageIsReadAlike() => SecondReader.AssertAgrees(s_image.Bytes);

    [Fact]
    public void ProgramIsReadAlike() => SecondReader.AssertAgrees(s_program.Bytes);

    [Fact]
    public void ImageOfZerosInDataIsReadAlike() =>
        SecondReader.AssertAgrees(LinkedImage.Of(ObjectBuilder.WithRoots().Zero("zeros", 64)).Bytes);

    [Fact]
    public void ImageIsWrittenAgainByteForByte() =>
        Assert.Equal(s_image.Bytes, SecondReader.Write(SecondReader.Read(s_image.Bytes)));

    [Fact]
    public void ImageReadByUsIsWrittenAgainByteForByte() =>
        Assert.Equal(s_image.Bytes, Linker.Elf.ElfOutput.Write(s_image.File));
}
