using System.Security.Cryptography;
using Atoll.Abi;
using Atoll.Linker.Model;

namespace Atoll.Linker.Tests.Passes;

public sealed class DeterminismTests
{
    [Fact]
    public void SameObjectGivesTheSameBytesWhateverItsPath()
    {
        byte[] bytes = Sample().BuildBytes();

        LinkResult first = Link.Run(new LinkRequest { Objects = [new LinkInput("/one/place/kernel.o", bytes)] });
        LinkResult second = Link.Run(new LinkRequest { Objects = [new LinkInput("elsewhere.o", bytes)] });

        Assert.Equal(first.Image, second.Image);
        Assert.Equal(first.Map, second.Map);
    }

    /// <summary>The id is the SHA-256 of the file in which both copies of the id are zero.</summary>
    [Fact]
    public void BuildIdIsTheHashOfTheContent()
    {
        LinkedImage image = LinkedImage.Of(Sample());
        ulong note = image.AddressOf("build_id_note");
        ulong info = image.AddressOf("image_info");
        byte[] id = image.At(note + 16, 20).ToArray();
        Assert.Equal(id, image.At(info + 104, BuildId.SizeBytes).ToArray());

        byte[] unstamped = [.. image.Bytes];
        int found = 0;
        for (int offset = unstamped.AsSpan().IndexOf(id); offset >= 0; offset = unstamped.AsSpan().IndexOf(id))
        {
            unstamped.AsSpan(offset, id.Length).Clear();
            found++;
        }

        Assert.Equal(2, found);
        Assert.Equal(id, SHA256.HashData(unstamped)[..20]);
    }

    [Fact]
    public void OtherContentHasAnotherBuildId()
    {
        LinkedImage first = LinkedImage.Of(Sample());
        LinkedImage second = LinkedImage.Of(Sample().Code("x64_unused", [0xC3]).Data("unused", [1]));
        LinkedImage third = LinkedImage.Of(new ObjectBuilder()
            .Code("atoll_boot_main", [0x90, 0xC3]).Code("atoll_instance_main", [0xC3]).Code("atoll_trap", [0xC3]));

        Assert.Equal(IdOf(first), IdOf(second));
        Assert.NotEqual(IdOf(first), IdOf(third));
    }

    private static string IdOf(LinkedImage image) =>
        Convert.ToHexString(image.At(image.AddressOf("build_id_note") + 16, 20));

    private static ObjectBuilder Sample() =>
        ObjectBuilder.WithRoots().Data("datum", [1, 2, 3]).Constant("constant", [4, 5]);
}
