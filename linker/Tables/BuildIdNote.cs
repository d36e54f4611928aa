using Atoll.Abi;
using Atoll.Linker.Binary;
using Atoll.Linker.Elf;
using Atoll.Linker.Model;

namespace Atoll.Linker.Tables;

/// <summary>The build id as debuggers look for it. Zero until the finished file is stamped.</summary>
/// <remarks>Source: System V ABI, "Note Section"; the owner and type are GNU's (binutils, <c>--build-id</c>).</remarks>
public sealed class BuildIdNote : Fragment, INote
{
    /// <summary>Symbol of the note.</summary>
    public const string Symbol = "build_id_note";

    /// <summary>Offset of the id in the note: three words and "GNU" with its end.</summary>
    public const int IdOffset = 16;

    private const string Owner = "GNU";

    /// <inheritdoc/>
    public string SectionName => ".note.gnu.build-id";

    /// <inheritdoc/>
    public override string Name => Symbol;

    /// <inheritdoc/>
    public override FragmentPlace Place => FragmentPlace.ReadOnly;

    /// <inheritdoc/>
    public override int AlignmentBytes => sizeof(uint);

    /// <inheritdoc/>
    public override int SizeBytes => IdOffset + BuildId.SizeBytes;

    /// <inheritdoc/>
    public override IReadOnlyList<string> References => [];

    /// <inheritdoc/>
    public override bool IsCode => false;

    /// <inheritdoc/>
    public override byte[] Emit(IFragmentContext context) => new ByteBuilder()
        .U32((uint)Owner.Length + 1).U32(BuildId.SizeBytes).U32(ElfNative.NT_GNU_BUILD_ID)
        .String(Owner).Bytes(new byte[BuildId.SizeBytes]).ToArray();
}
