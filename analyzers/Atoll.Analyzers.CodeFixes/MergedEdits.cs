using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>The edits of several changes that were all made to the same solution.</summary>
internal sealed class MergedEdits(Solution before)
{
    private readonly Dictionary<DocumentId, HashSet<TextChange>> _source = [];
    private readonly Dictionary<DocumentId, HashSet<TextChange>> _additional = [];

    /// <summary>The same edits, to which others may be added without changing these.</summary>
    public MergedEdits Copy()
    {
        var copy = new MergedEdits(before);
        foreach (KeyValuePair<DocumentId, HashSet<TextChange>> file in _source)
        {
            copy._source.Add(file.Key, [.. file.Value]);
        }

        foreach (KeyValuePair<DocumentId, HashSet<TextChange>> file in _additional)
        {
            copy._additional.Add(file.Key, [.. file.Value]);
        }

        return copy;
    }

    /// <summary>Adds what a change did, all of it or, where it contradicts an earlier one, nothing.</summary>
    public async Task TryAddAsync(Solution after, CancellationToken cancellationToken)
    {
        var edits = new List<(HashSet<TextChange> Accepted, TextChange Edit)>();
        foreach (ProjectChanges project in after.GetChanges(before).GetProjectChanges())
        {
            foreach (DocumentId id in project.GetChangedDocuments())
            {
                IEnumerable<TextChange> changes = await after.GetDocument(id)!
                    .GetTextChangesAsync(before.GetDocument(id)!, cancellationToken).ConfigureAwait(false);
                HashSet<TextChange> accepted = Accepted(_source, id);
                if (changes.Any(change => accepted.Any(other => Contradict(change, other))))
                {
                    return;
                }

                edits.AddRange(changes.Select(change => (accepted, change)));
            }

            foreach (DocumentId id in project.GetChangedAdditionalDocuments())
            {
                SourceText text = await before.GetAdditionalDocument(id)!.GetTextAsync(cancellationToken)
                    .ConfigureAwait(false);
                SourceText changed = await after.GetAdditionalDocument(id)!.GetTextAsync(cancellationToken)
                    .ConfigureAwait(false);
                HashSet<TextChange> accepted = Accepted(_additional, id);
                IReadOnlyList<TextChange> changes = changed.GetTextChanges(text);
                if (changes.Any(change => accepted.Any(other => ContradictInList(change, other))))
                {
                    return;
                }

                edits.AddRange(changes.Select(change => (accepted, change)));
            }
        }

        foreach ((HashSet<TextChange> accepted, TextChange edit) in edits)
        {
            accepted.Add(edit);
        }
    }

    /// <summary>The solution with all edits.</summary>
    public async Task<Solution> ApplyAsync(CancellationToken cancellationToken)
    {
        Solution after = before;
        foreach ((DocumentId id, IEnumerable<TextChange> edits) in InOrder(_source))
        {
            SourceText text = await before.GetDocument(id)!.GetTextAsync(cancellationToken).ConfigureAwait(false);
            after = after.WithDocumentText(id, text.WithChanges(edits));
        }

        foreach ((DocumentId id, IEnumerable<TextChange> edits) in InOrder(_additional))
        {
            SourceText text =
                await before.GetAdditionalDocument(id)!.GetTextAsync(cancellationToken).ConfigureAwait(false);
            after = after.WithAdditionalDocumentText(id, text.WithChanges(edits));
        }

        return after;
    }

    /// <summary>
    /// Says whether the edits together bring an error of C# into a file that they change, as two that add the same name do.
    /// </summary>
    public async Task<bool> BringErrorsAsync(CancellationToken cancellationToken)
    {
        Solution after = await ApplyAsync(cancellationToken).ConfigureAwait(false);
        foreach (DocumentId id in _source.Keys)
        {
            if (await ErrorsAsync(after.GetDocument(id)!, cancellationToken).ConfigureAwait(false)
                > await ErrorsAsync(before.GetDocument(id)!, cancellationToken).ConfigureAwait(false))
            {
                return true;
            }
        }

        return false;
    }

    private static async Task<int> ErrorsAsync(Document document, CancellationToken cancellationToken) =>
        await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false) is { } model
            ? Outcome.Errors(model.GetDiagnostics(cancellationToken: cancellationToken))
            : 0;

    // Which of two insertions at one place comes first would be chance.
    private static bool Contradict(TextChange one, TextChange other) =>
        !one.Equals(other) && (one.Span == other.Span || Overlap(one.Span, other.Span));

    // The other files are lists: their lines may stand in any order.
    private static bool ContradictInList(TextChange one, TextChange other) =>
        !one.Equals(other) && Overlap(one.Span, other.Span);

    // Of an insertion: strictly inside.
    private static bool Overlap(TextSpan one, TextSpan other) => one.Start < other.End && other.Start < one.End;

    private static HashSet<TextChange> Accepted(Dictionary<DocumentId, HashSet<TextChange>> all, DocumentId id)
    {
        if (!all.TryGetValue(id, out HashSet<TextChange>? accepted))
        {
            all.Add(id, accepted = []);
        }

        return accepted;
    }

    private static IEnumerable<(DocumentId Id, IEnumerable<TextChange> Edits)> InOrder(
        Dictionary<DocumentId, HashSet<TextChange>> all) =>
        all.Select(static pair => (
            pair.Key,
            (IEnumerable<TextChange>)pair.Value.OrderBy(static edit => edit.Span)
                .ThenBy(static edit => edit.NewText, StringComparer.Ordinal)));
}
