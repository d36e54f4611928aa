using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Atoll.Abi;
using Atoll.Linker.Bundle;
using Atoll.Linker.Diagnostics;

namespace Atoll.Linker.Tests.Bundle;

/// <summary>Several images in one file, written and read.</summary>
public sealed class BundleTests
{
    // The format by docs/bundle.md, in numbers of its own.
    private const int Header = 64;
    private const int Entry = 96;
    private const int Page = 4096;

    private static readonly BundledImage[] s_images =
    [
        new("kernel", BundleKind.Kernel, Enumerable.Range(0, Page + 1).Select(value => (byte)value).ToArray()),
        new("init", BundleKind.Program, new byte[] { 1, 2, 3 }),
        new("naïve", BundleKind.System, new byte[Page]),
    ];

    [Fact]
    public void ImagesComeBackAsTheyWere()
    {
        IReadOnlyList<BundledImage> read = Read(BundleWriter.Write(s_images))!;

        Assert.Equal(s_images.Select(image => (image.Name, image.Kind)), read.Select(image => (image.Name, image.Kind)));
        Assert.All(s_images.Zip(read), pair => Assert.Equal(pair.First.Content.ToArray(), pair.Second.Content.ToArray()));
    }

    [Fact]
    public void FormatIsThatOfThePage()
    {
        byte[] file = BundleWriter.Write(s_images);

        Assert.Equal("ATOLLBND", Encoding.ASCII.GetString(file, 0, 8));
        Assert.Equal([1u, 3u], [U32(file, 8), U32(file, 12)]);
        Assert.Equal((ulong)file.Length, U64(file, 16));
        Assert.Equal(SHA256.HashData(file.AsSpan(Header, 3 * Entry)), file[32..64]);
        Assert.Equal([Page, 3 * Page, 4 * Page], Enumerable.Range(0, 3).Select(index => (int)U64(file, Header + (index * Entry) + 40)));
        Assert.Equal(5 * Page, file.Length);
        Assert.Equal(SHA256.HashData((byte[])[1, 2, 3]), file.AsSpan(Header + Entry + 64, 32).ToArray());
    }

    [Fact]
    public void SameImagesGiveTheSameBytes() => Assert.Equal(BundleWriter.Write(s_images), BundleWriter.Write(s_images));

    [Fact]
    public void NoTwoImagesShareAName()
    {
        Assert.Throws<ArgumentException>(() => BundleWriter.Write([s_images[0], s_images[0]]));
        Assert.Throws<ArgumentException>(() => BundleWriter.Write([]));
        Assert.Throws<ArgumentException>(() => BundleWriter.Write([s_images[0] with { Name = new string('n', 32) }]));
        Assert.Throws<ArgumentException>(() => BundleWriter.Write([s_images[0] with { Content = default }]));
    }

    public static TheoryData<string, Action<byte[]>> Lies => new()
    {
        { "no header", file => file[0]++ },
        { "no header", file => file[8] = 2 },
        { "no header", file => file[24] = 1 },
        { "0 entries", file => Set32(file, 12, 0) },
        { "65 entries", file => Set32(file, 12, 65) },
        { "4294967295 entries", file => Set32(file, 12, uint.MaxValue) },
        { "bytes", file => Set64(file, 16, (ulong)file.Length + 1) },
        { "index does not have the hash", file => file[Header]++ },
        { "index does not have the hash", file => file[32]++ },
        { "index does not have the hash", file => Set32(file, 12, 2) },
        { "entry 0 does not have the hash", file => file[Page]++ },
        { "entry 2 does not have the hash", file => file[(4 * Page) + 5]++ },
        { "entry 0 lies elsewhere", file => file[Page - 1] = 1 },
        { "behind the last image", _ => { } },
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public void DamageIsFound(string what, Action<byte[]> damage)
    {
        byte[] file = BundleWriter.Write(what == "behind the last image" ? s_images[..2] : s_images);
        if (what == "behind the last image")
        {
            file[^1] = 1;
        }

        damage(file);

        Assert.Contains(what, Refusal(file), StringComparison.Ordinal);
    }

    // Each of these has a good hash: whoever makes a hostile bundle computes it too.
    public static TheoryData<string, Action<byte[]>> HostileEntries => new()
    {
        { "entry 0 has no good name", file => file.AsSpan(Header, 32).Clear() },
        { "entry 0 has no good name", file => file.AsSpan(Header, 32).Fill((byte)'n') },
        { "entry 0 has no good name", file => file[Header + 2] = 0 },
        { "entry 0 has no good name", file => file[Header] = 0x1B },
        { "entry 0 has no good name", file => file[Header] = 0xFF },
        { "entry 1 has no good name", file => file.AsSpan(Header, 32).CopyTo(file.AsSpan(Header + Entry)) },
        { "entry 0 is of an unknown kind", file => file[Header + 32] = 0 },
        { "entry 0 is of an unknown kind", file => file[Header + 32] = 4 },
        { "entry 0 is of an unknown kind", file => file[Header + 36] = 1 },
        { "entry 0 is of an unknown kind", file => file[Header + 56] = 1 },
        { "entry 0 lies elsewhere", file => Set64(file, Header + 40, 0) },
        { "entry 0 lies elsewhere", file => Set64(file, Header + 40, Page + 1) },
        { "entry 0 lies elsewhere", file => Set64(file, Header + 40, ulong.MaxValue) },
        { "entry 0 lies elsewhere", file => Set64(file, Header + 48, 0) },
        { "entry 0 lies elsewhere", file => Set64(file, Header + 48, ulong.MaxValue) },
        { "entry 0 lies elsewhere", file => Set64(file, Header + 48, (ulong)file.Length - Page + 1) },
        { "entry 1 lies elsewhere", file => Set64(file, Header + Entry + 40, Page) },
        { "entry 1 lies elsewhere", file => Set64(file, Header + Entry + 40, 4 * Page) },
        { "entry 0 does not have the hash", file => Set64(file, Header + 48, Page) },
    };

    [Theory]
    [MemberData(nameof(HostileEntries))]
    public void EntryThatContradictsTheFileIsRefused(string what, Action<byte[]> change)
    {
        byte[] file = BundleWriter.Write(s_images);
        change(file);
        SHA256.HashData(file.AsSpan(Header, 3 * Entry), file.AsSpan(32));

        Assert.Contains(what, Refusal(file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void NoDamageThrowsAndNoneGoesUnnoticed(int seed)
    {
        byte[] good = BundleWriter.Write(s_images);
        Random random = new(seed);
        for (int round = 0; round < 2_000; round++)
        {
            byte[] file = good[..random.Next(good.Length + 1)];
            if (round % 2 == 0)
            {
                file = [.. good];
                file[random.Next(round % 4 == 0 ? Header + (3 * Entry) : file.Length)] ^= (byte)random.Next(1, 256);
            }

            Assert.Equal(file.AsSpan().SequenceEqual(good), Read(file) is not null);
        }
    }

    private static IReadOnlyList<BundledImage>? Read(byte[] file) => BundleReader.Read(file, "test.bundle", new DiagnosticBag());

    private static string Refusal(byte[] file)
    {
        DiagnosticBag findings = new();
        Assert.Null(BundleReader.Read(file, "test.bundle", findings));
        Diagnostic finding = Assert.Single(findings.Found);
        Assert.Equal("ATL9042", finding.Id);
        return finding.Message;
    }

    private static uint U32(byte[] file, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(offset));

    private static ulong U64(byte[] file, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(offset));

    private static void Set32(byte[] file, int offset, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(offset), value);

    private static void Set64(byte[] file, int offset, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(offset), value);
}
