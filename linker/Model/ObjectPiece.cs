using Atoll.Linker.Elf;
using Atoll.Linker.Trampolines;

namespace Atoll.Linker.Model;

/// <summary>A piece of an object file: the bytes between two symbols of one section, with their relocations.</summary>
/// <param name="input">Object it comes from.</param>
/// <param name="section">Section it comes from.</param>
/// <param name="offset">Offset in that section.</param>
/// <param name="size">Bytes.</param>
/// <param name="name">First symbol at its start, or the section's name.</param>
public sealed class ObjectPiece(InputObject input, ElfSection section, ulong offset, ulong size, string name) : Piece
{
    /// <summary>Object it comes from.</summary>
    public InputObject Input => input;

    /// <summary>Section it comes from.</summary>
    public ElfSection Section => section;

    /// <summary>Offset in that section.</summary>
    public ulong Offset => offset;

    /// <summary>Relocations inside the piece; offsets are the section's.</summary>
    public List<ElfRelocation> Relocations { get; } = [];

    /// <summary>Calls in it that have become the instructions of what they called.</summary>
    public List<InlinedStub> InlinedStubs { get; } = [];

    private const ulong CodeAlignmentMax = 4;

    /// <inheritdoc/>
    public override string Name => name;

    /// <summary>Whether nothing needs it once the first instance runs: code and constants of that kind lie in the boot segment.</summary>
    public bool IsBootOnly { get; set; }

    /// <inheritdoc/>
    public override FragmentPlace Place =>
        section.IsExecutable ? (IsBootOnly ? FragmentPlace.BootCode : FragmentPlace.Text)
        : section.IsWritable ? FragmentPlace.Data
        : IsBootOnly ? FragmentPlace.BootReadOnly : FragmentPlace.ReadOnly;

    /// <inheritdoc/>
    public override string SectionName => IsZero ? ImageSections.DataZero : ImageSections.NameOf(Place);

    /// <inheritdoc/>
    /// <remarks>
    /// What the offset shows: whoever needed more would lie on a multiple of more. Of code it is a wish of the compiler's, which 16 bytes for each
    /// function make a page and a half of padding of: 4 are granted.
    /// </remarks>
    public override ulong AlignmentBytes
    {
        get
        {
            ulong both = offset | section.AlignmentBytes;
            ulong wanted = both & (~both + 1);
            return section.IsExecutable && wanted > CodeAlignmentMax ? CodeAlignmentMax : wanted;
        }
    }

    /// <inheritdoc/>
    public override ulong SizeBytes => size;

    /// <inheritdoc/>
    public override bool IsZero => section.IsZero;

    /// <inheritdoc/>
    public override IEnumerable<Reference> References =>
        Relocations.Select(relocation => new Reference(
            input.File.Symbols[relocation.SymbolIndex].Name, input.Resolve(relocation), relocation.Offset - offset));

    /// <summary>The piece's bytes before relocation.</summary>
    public ReadOnlySpan<byte> Bytes => IsZero ? default : section.Content.Span.Slice((int)offset, (int)size);
}

/// <summary>A call that has become the instructions of the stub that it led to.</summary>
/// <param name="Offset">Where it is in the piece.</param>
/// <param name="Bytes">What stands there now.</param>
/// <param name="Stub">The stub.</param>
public sealed record InlinedStub(ulong Offset, byte[] Bytes, LeafStub Stub);
