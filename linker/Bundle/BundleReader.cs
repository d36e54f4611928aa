using System.Security.Cryptography;
using System.Text;
using Atoll.Abi;
using Atoll.Linker.Binary;
using Atoll.Linker.Diagnostics;
using static Atoll.Abi.BundleLayout;

namespace Atoll.Linker.Bundle;

/// <summary>Reads a bundle that nobody vouches for.</summary>
/// <remarks>
/// Everything is compared before anything is given out: one bundle has one form, so that two readers cannot see two
/// things in it.
/// Nothing throws, contents are views of the file, and no more is allocated than the index has entries.
/// </remarks>
public sealed class BundleReader
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly List<BundledImage> _images = [];
    private string _why = "";

    private BundleReader(ReadOnlyMemory<byte> bytes) => _bytes = bytes;

    /// <summary>Reads a file.</summary>
    /// <param name="bytes">Untrusted.</param>
    /// <param name="fileName">For diagnostics.</param>
    /// <param name="diagnostics">Takes the reason when there is no result.</param>
    /// <returns>All images in the order of the index; null after a diagnostic.</returns>
    public static IReadOnlyList<BundledImage>? Read(
        ReadOnlyMemory<byte> bytes, string fileName, DiagnosticBag diagnostics)
    {
        BundleReader reader = new(bytes);
        if (reader.Read())
        {
            return reader._images;
        }

        diagnostics.Report(
            DiagnosticCatalogue.MalformedBundle, $"'{fileName}' cannot be read: {reader._why}.", referrer: fileName);
        return null;
    }

    private bool Read()
    {
        ByteCursor header = new(_bytes.Span);
        (ulong magic, uint version, uint count) = (header.U64(), header.U32(), header.U32());
        (ulong total, ulong reserved) = (header.U64(), header.U64());
        ReadOnlySpan<byte> indexHash = header.Take(HashBytes);
        if (header.Failed || magic != MagicValue || version != VersionValue || reserved != 0)
        {
            return Fail("it has no header of a bundle");
        }

        ulong indexEnd = HeaderBytes + ((ulong)count * EntryBytes);
        if (count is 0 or > EntriesMax || total != (ulong)_bytes.Length || indexEnd > total)
        {
            return Fail($"it says that it has {count} entries and {total} bytes");
        }

        ReadOnlySpan<byte> index = _bytes.Span[HeaderBytes..(int)indexEnd];
        return SHA256.HashData(index).AsSpan().SequenceEqual(indexHash)
            ? ReadEntries((int)count, indexEnd)
            : Fail("its index does not have the hash that the header says");
    }

    private bool ReadEntries(int count, ulong indexEnd)
    {
        ulong end = indexEnd;
        for (int position = 0; position < count; position++)
        {
            if (!ReadEntry(position, ref end))
            {
                return Fail($"entry {position} {_why}");
            }
        }

        return IsPaddedTo(end, (ulong)_bytes.Length) || Fail("it has something behind the last image");
    }

    private bool ReadEntry(int position, ref ulong end)
    {
        ByteCursor entry = new(_bytes.Span.Slice(HeaderBytes + (position * EntryBytes), EntryBytes));
        ReadOnlySpan<byte> nameField = entry.Take(ProgramName.SizeBytes);
        (uint kind, uint reserved) = (entry.U32(), entry.U32());
        (ulong offset, ulong size, ulong reservedToo) = (entry.U64(), entry.U64(), entry.U64());
        ReadOnlySpan<byte> hash = entry.Take(HashBytes);

        string name = Encoding.UTF8.GetString(nameField).TrimEnd('\0');
        bool hasName = BundleName.IsGood(name) && !_images.Exists(known => known.Name == name);
        bool isKnown = (BundleKind)kind is BundleKind.Kernel or BundleKind.Program or BundleKind.System && reserved == 0 && reservedToo == 0;
        if (!hasName || !isKnown)
        {
            return Fail(hasName ? "is of an unknown kind" : "has no good name of its own");
        }

        // Images lie one behind the other, each on the next free page.
        ulong length = (ulong)_bytes.Length;
        if (!IsPaddedTo(end, offset) || size == 0 || size > length - offset)
        {
            return Fail("lies elsewhere than on the next page");
        }

        end = offset + size;
        ReadOnlyMemory<byte> content = _bytes.Slice((int)offset, (int)size);
        _images.Add(new BundledImage(name, (BundleKind)kind, content));
        return SHA256.HashData(content.Span).AsSpan().SequenceEqual(hash) || Fail("does not have the hash that the index says");
    }

    /// <summary>Whether an offset is the next page, and nothing but zeros lies before it.</summary>
    private bool IsPaddedTo(ulong end, ulong offset)
    {
        bool isNext = offset == Alignment.Up(end, ImageLayout.PageSizeBytes) && offset <= (ulong)_bytes.Length;
        return isNext && !_bytes.Span[(int)end..(int)offset].ContainsAnyExcept((byte)0);
    }

    private bool Fail(string why)
    {
        _why = why;
        return false;
    }
}
