namespace Atoll.Linker.Model;

/// <summary>A fragment as a piece.</summary>
public sealed class FragmentPiece : Piece
{
    private readonly SymbolTable _symbols;

    /// <summary>Wraps a fragment.</summary>
    public FragmentPiece(Fragment fragment, SymbolTable symbols)
    {
        Fragment = fragment;
        _symbols = symbols;
        CallFrames.AddRange(fragment.CallFrames);
    }

    /// <summary>The fragment.</summary>
    public Fragment Fragment { get; }

    /// <inheritdoc/>
    public override string Name => Fragment.Name;

    /// <inheritdoc/>
    public override FragmentPlace Place => Fragment.Place;

    /// <inheritdoc/>
    public override string SectionName => (Fragment as INote)?.SectionName ?? ImageSections.NameOf(Place);

    /// <inheritdoc/>
    public override ulong AlignmentBytes => (ulong)Fragment.AlignmentBytes;

    /// <inheritdoc/>
    public override ulong SizeBytes => (ulong)Fragment.SizeBytes;

    /// <inheritdoc/>
    public override bool IsZero => Fragment.Place == FragmentPlace.BootZero;

    /// <inheritdoc/>
    public override IEnumerable<Reference> References =>
        Fragment.References.Select(name => new Reference(name, _symbols.Find(name), 0));
}

/// <summary>A fragment with a section and a program header of its own, for loaders that look for it.</summary>
public interface INote
{
    /// <summary>Section name, by convention <c>.note.…</c>.</summary>
    string SectionName { get; }
}
