using Atoll.Abi;
using Atoll.Kernel.Tests.Machine;

namespace Atoll.Kernel.Tests.Provision;

/// <summary>
/// A small image loaded where docs/image.md says: five pages of text, three of read-only data, two of data.
/// </summary>
internal static class SampleImage
{
    /// <summary>Physical address of the first page of text, from docs/image.md.</summary>
    public const ulong PhysicalBase = 0x20_0000;

    /// <summary>Virtual address of the first page of text, from docs/image.md.</summary>
    public const ulong VirtualBase = 0xFFFF_FFFF_8020_0000;

    /// <summary>Pages of text.</summary>
    public const int TextPages = 5;

    /// <summary>Pages of read-only data.</summary>
    public const int ReadOnlyPages = 3;

    /// <summary>Bytes of data in the file: one page and a bit.</summary>
    public const ulong DataFileBytes = 0x1235;

    private const ulong Page = 0x1000;

    /// <summary>What the linker says of it.</summary>
    /// <param name="dataPages">Pages of data and zero-initialised data.</param>
    public static ImageInfo Info(ulong dataPages = 2) => new()
    {
        Magic = ImageInfo.MagicValue,
        Version = ImageInfo.VersionValue,
        TextStart = VirtualBase,
        TextEnd = VirtualBase + (5 * Page),
        ReadOnlyStart = VirtualBase + (5 * Page),
        ReadOnlyEnd = VirtualBase + (8 * Page),
        DataStart = VirtualBase + (8 * Page),
        DataEnd = VirtualBase + ((8 + dataPages) * Page),
        DataFileBytes = Math.Min(DataFileBytes, dataPages * Page),
        BootSegmentEnd = 0x12_0000,
    };

    /// <summary>Physical memory of 4 MiB, full of garbage, with pristine data in its place.</summary>
    public static HostPages Load()
    {
        var memory = new HostPages(1024);
        memory.Bytes.Fill(0xCC);
        for (ulong i = 0; i < DataFileBytes; i++)
        {
            memory.Bytes[(int)(PhysicalBase + (8 * Page) + i)] = Pristine(i);
        }

        return memory;
    }

    /// <summary>A byte of pristine data.</summary>
    public static byte Pristine(ulong offset) => (byte)((offset * 7) + (offset >> 8) + 1);
}
