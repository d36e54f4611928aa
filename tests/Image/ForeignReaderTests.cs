using Xunit.Abstractions;

namespace Atoll.Image.Tests;

/// <summary>The image as the tools of binutils, elfutils and LLVM read it: they complain of nothing that
/// docs/caveats.md does not explain.</summary>
/// <remarks><c>./build.sh test image</c> installs them (cli/Testing/TestTools.cs). Where one is missing there is
/// nothing to hold against, and the test says so.</remarks>
public sealed class ForeignReaderTests(ITestOutputHelper output)
{
    /// <summary>What eu-elflint says of notes whose owner it does not know; the caveats quote it.</summary>
    private const string UnknownNote = "unknown object file note type";

    [Fact]
    public void Readelf_ReadsAllOfIt_WithoutAWarning()
    {
        if (Read("readelf", "-aW") is { } said)
        {
            Assert.Contains(".note.atoll.inputs", said, StringComparison.Ordinal);
            Assert.DoesNotContain("warning", said, StringComparison.OrdinalIgnoreCase);
            // With the colon: methods may have the word in their names.
            Assert.DoesNotContain("error:", said, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("corrupt", said, StringComparison.OrdinalIgnoreCase);
        }
    }

    /// <summary>Boot code is 32-bit code: objdump, which takes all of a file for one mode, is asked about text
    /// alone.</summary>
    [Fact]
    public void Objdump_FindsNoBadInstruction()
    {
        if (Read("objdump", "-d", "-j", ".text") is { } said)
        {
            Assert.Contains("<interrupt_common>:", said, StringComparison.Ordinal);
            Assert.DoesNotContain("(bad)", said, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ElfLint_KnowsNotTheNotes_AndComplainsOfNothingElse()
    {
        // Its exit code says that it has complained.
        if (ForeignReader.Read(output, "eu-elflint", isComplaintExpected: true) is { } said)
        {
            string[] complaints = said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.All(complaints, complaint => Assert.Contains(UnknownNote, complaint, StringComparison.Ordinal));
            Assert.Contains(UnknownNote, File.ReadAllText(KernelImage.In("docs", "caveats.md")), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void DwarfDump_VerifiesTheDebugInformation()
    {
        if (Read("llvm-dwarfdump", "--verify") is { } said)
        {
            Assert.Contains("No errors.", said, StringComparison.Ordinal);
            Assert.DoesNotContain("warning:", said, StringComparison.Ordinal);
        }
    }

    private string? Read(string program, params string[] options) =>
        ForeignReader.Read(output, program, isComplaintExpected: false, options);
}
