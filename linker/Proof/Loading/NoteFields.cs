using Atoll.Linker.Proof.Reading;
using Atoll.Linker.Tables;
using static Atoll.Linker.Elf.ElfNative;

namespace Atoll.Linker.Proof.Loading;

/// <summary>Every note, and every place that some loader starts at.</summary>
/// <remarks>
/// A kernel has one start: its entry and its one note of type 18 name the same 32-bit function, which needs no stack. A
/// program has one: its entry, which the manifest names. Sources: Xen, "x86/HVM direct boot ABI"; kernel/Abi/Image.
/// </remarks>
internal sealed class NoteFields
{
    private const string Xen = "Xen";
    private const string Gnu = "GNU";

    private readonly ProofContext _proof;

    private NoteFields(ProofContext proof) => _proof = proof;

    /// <summary>Checks.</summary>
    /// <returns>Notes and starts examined.</returns>
    public static int Check(ProofContext proof)
    {
        NoteFields check = new(proof);
        check.CheckForm();
        WrittenNote[] notes = [.. proof.Image.Notes];
        foreach (WrittenNote note in notes.Where(note => !check.IsKnown(note)))
        {
            check.Report($"A loader finds a note of '{note.Owner}' with type {note.Type}, which this image does not have");
        }

        if (proof.Claims.IsProgram)
        {
            check.CheckProgram([.. notes.Where(IsManifest)]);
        }
        else
        {
            check.CheckKernel(proof.Image.StartNotes);
        }

        return notes.Length + 1;
    }

    private void CheckForm()
    {
        foreach (WrittenSegment notes in _proof.Image.Segments.Where(segment => segment.Type == PT_NOTE))
        {
            WrittenNote.Read(_proof.Image.ContentOf(notes), out bool isWhole);
            if (!isWhole)
            {
                Report($"The notes at 0x{notes.Address:x} are cut off, or filled up with something: loaders would differ in what they find");
            }
        }
    }

    private bool IsKnown(WrittenNote note) =>
        note is { Owner: Gnu, Type: NT_GNU_BUILD_ID }
        || (note.Owner == Xen && note.Type == XEN_ELFNOTE_PHYS32_ENTRY && !_proof.Claims.IsProgram)
        || (IsManifest(note) && _proof.Claims.IsProgram);

    private static bool IsManifest(WrittenNote note) =>
        note is { Owner: ProgramNote.Owner, Type: Abi.ProgramManifest.NoteType };

    private void CheckKernel(IReadOnlyList<WrittenNote> starts)
    {
        if (starts is not [{ Owner: Xen, Content.Length: sizeof(uint) } start])
        {
            Report($"{starts.Count} notes of type {XEN_ELFNOTE_PHYS32_ENTRY} say where to start ("
                + string.Join(", ", starts.Select(note => $"'{note.Owner}': 0x{note.Number:x}"))
                + "), in place of one of 'Xen' with four bytes");
        }
        else if (start.Number != _proof.Image.Header.Entry)
        {
            Report($"e_entry is 0x{_proof.Image.Header.Entry:x}, and the note of 'Xen' starts at 0x{start.Number:x}");
        }

        foreach (ulong address in starts.Select(note => (ulong)note.Number).Append(_proof.Image.Header.Entry).Distinct())
        {
            CheckStart(address, bitness: 32, hasStack: false);
        }
    }

    private void CheckProgram(WrittenNote[] manifests)
    {
        CheckStart(_proof.Image.Header.Entry, bitness: 64, hasStack: true);
        string? wrong = manifests is [var manifest] ? ManifestFields.WhatIsWrong(_proof, manifest.Content) : "is not there once";
        if (wrong is not null)
        {
            Report($"The manifest of the program {wrong}");
        }
    }

    /// <summary>The proof looks at what is claimed as an entry: whatever a loader starts is.</summary>
    private void CheckStart(ulong address, int bitness, bool hasStack)
    {
        EntryClaim? entry = _proof.Claims.Entries.FirstOrDefault(entry => _proof.Image.Find(entry.Name)?.Address == address);
        if (entry is null)
        {
            Report($"The file starts at 0x{address:x}, which it does not claim as an entry");
        }
        else if (_proof.Claims.BitnessOf(entry.Name) != bitness || entry.Stack is not null != hasStack)
        {
            Report($"The file starts at '{entry.Name}', which is no {bitness}-bit function {(hasStack ? "with" : "without")} a stack");
        }
    }

    private void Report(string what) => _proof.Report(ProofDiagnostics.Loader, $"{what}.");
}
