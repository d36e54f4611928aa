using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Atoll.Abi;
using Atoll.Linker.Binary;
using static Atoll.Abi.BundleLayout;

namespace Atoll.Linker.Bundle;

/// <summary>Writes a bundle: the same images in the same order give the same bytes.</summary>
public static class BundleWriter
{
    /// <summary>Makes the file.</summary>
    /// <param name="images">In the order of the index.</param>
    /// <exception cref="ArgumentException">There are none or too many, or names are not good or not unique.</exception>
    public static byte[] Write(IReadOnlyList<BundledImage> images)
    {
        bool isGood = images.Count is > 0 and <= (int)EntriesMax
            && images.All(image => BundleName.IsGood(image.Name) && image.Content.Length > 0)
            && images.DistinctBy(image => image.Name).Count() == images.Count;
        if (!isGood)
        {
            throw new ArgumentException(
                $"A bundle has 1 to {EntriesMax} images, not empty, with names of their own.", nameof(images));
        }

        ulong offset = Paged(HeaderBytes + ((ulong)images.Count * EntryBytes));
        byte[] index = new byte[images.Count * EntryBytes];
        ulong[] offsets = new ulong[images.Count];
        for (int position = 0; position < images.Count; position++)
        {
            offsets[position] = offset;
            WriteEntry(index.AsSpan(position * EntryBytes, EntryBytes), images[position], offset);
            offset += Paged((ulong)images[position].Content.Length);
        }

        byte[] file = new byte[offset];
        WriteHeader(file, index, images.Count);
        index.CopyTo(file, HeaderBytes);
        for (int position = 0; position < images.Count; position++)
        {
            images[position].Content.CopyTo(file.AsMemory((int)offsets[position]));
        }

        return file;
    }

    private static void WriteHeader(Span<byte> file, byte[] index, int count)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(file[MagicOffset..], MagicValue);
        BinaryPrimitives.WriteUInt32LittleEndian(file[VersionOffset..], VersionValue);
        BinaryPrimitives.WriteUInt32LittleEndian(file[CountOffset..], (uint)count);
        BinaryPrimitives.WriteUInt64LittleEndian(file[TotalOffset..], (ulong)file.Length);
        SHA256.HashData(index, file[IndexHashOffset..]);
    }

    private static void WriteEntry(Span<byte> entry, BundledImage image, ulong offset)
    {
        Encoding.UTF8.GetBytes(image.Name, entry[NameOffset..]);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[KindOffset..], (uint)image.Kind);
        BinaryPrimitives.WriteUInt64LittleEndian(entry[ContentOffset..], offset);
        BinaryPrimitives.WriteUInt64LittleEndian(entry[SizeOffset..], (ulong)image.Content.Length);
        SHA256.HashData(image.Content.Span, entry[HashOffset..]);
    }

    private static ulong Paged(ulong bytes) => Alignment.Up(bytes, ImageLayout.PageSizeBytes);
}
