using Atoll.Abi;
using Atoll.Linker.Binary;
using Atoll.Linker.Manifests;
using Atoll.Linker.Model;
using Atoll.Linker.Profiles;
using Atoll.Linker.Trampolines;

namespace Atoll.Linker.Tables;

/// <summary>The note that tells a loader what a program needs: <see cref="ProgramManifest"/>.</summary>
public sealed class ProgramNote(LinkImage image, ProgramRequest request) : Fragment, INote
{
    /// <summary>Symbol of the note.</summary>
    public const string Symbol = "program_note";

    /// <summary>Owner of the note.</summary>
    public const string Owner = "Atoll";

    /// <summary>Offset of the manifest: three words, the owner and its padding.</summary>
    public const int ManifestOffset = 20;

    /// <inheritdoc/>
    public string SectionName => ".note.atoll.program";

    /// <inheritdoc/>
    public override string Name => Symbol;

    /// <inheritdoc/>
    public override FragmentPlace Place => FragmentPlace.ReadOnly;

    /// <inheritdoc/>
    public override int AlignmentBytes => sizeof(uint);

    /// <inheritdoc/>
    public override int SizeBytes => ManifestOffset + ManifestNote.SizeOf(request.Needs.Count);

    /// <inheritdoc/>
    public override IReadOnlyList<string> References => [ProgramEntry.Symbol];

    /// <inheritdoc/>
    public override bool IsCode => false;

    /// <inheritdoc/>
    public override byte[] Emit(IFragmentContext context)
    {
        byte[] manifest = ManifestNote.Write(request, image.Segments.Data.EndAddress, context.AddressOf(ProgramEntry.Symbol));
        return new ByteBuilder()
            .U32((uint)Owner.Length + 1).U32((uint)manifest.Length).U32(ProgramManifest.NoteType)
            .String(Owner).Align(sizeof(uint)).Bytes(manifest).ToArray();
    }
}
