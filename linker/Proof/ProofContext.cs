using Atoll.Linker.Diagnostics;
using Atoll.Linker.Proof.Flow;
using Atoll.Linker.Proof.Reading;

namespace Atoll.Linker.Proof;

/// <summary>What every property reads, and where it reports.</summary>
public sealed class ProofContext
{
    private readonly SourceMap _lines;
    private readonly string _fileName;

    private ProofContext(WrittenImage image, ImageClaims claims, string fileName, DiagnosticBag diagnostics)
    {
        Image = image;
        Claims = claims;
        Diagnostics = diagnostics;
        _fileName = fileName;
        _lines = SourceMap.Read(image);
    }

    /// <summary>The file.</summary>
    public WrittenImage Image { get; }

    /// <summary>What the file claims about itself.</summary>
    public ImageClaims Claims { get; }

    /// <summary>Findings of the property that is being checked.</summary>
    public DiagnosticBag Diagnostics { get; private set; }

    /// <summary>Every function, decoded.</summary>
    public CodeMap Code { get; private set; } = null!;

    /// <summary>Every indirect call and jump.</summary>
    public IndirectTransfers Indirect { get; private set; } = null!;

    /// <summary>Call frame information.</summary>
    public FrameTable Frames { get; private set; } = null!;

    /// <summary>Stack depth and callees of every function.</summary>
    public StackFlows Flows { get; private set; } = null!;

    /// <summary>Reads an image.</summary>
    /// <param name="bytes">Untrusted.</param>
    /// <param name="fileName">For diagnostics.</param>
    /// <param name="diagnostics">Takes the reason when there is no result.</param>
    public static ProofContext? Read(ReadOnlyMemory<byte> bytes, string fileName, DiagnosticBag diagnostics)
    {
        if (WrittenImageReader.Read(bytes, out string why) is not { } image
            || ImageClaims.Read(image, out why) is not { } claims)
        {
            ReportUnreadable(diagnostics, fileName, $"'{fileName}' cannot be proved: {why}.", null);
            return null;
        }

        DiagnosticBag findings = new();
        ProofContext proof = new(image, claims, fileName, findings);
        if (proof.ReadCode())
        {
            return proof;
        }

        // A header that leads elsewhere is why the code cannot be read: it goes first.
        diagnostics.AddRange(proof.Check(Properties.LoaderView.Check, out _).Found);
        diagnostics.AddRange(findings.Found);
        return null;
    }

    /// <summary>Checks a property.</summary>
    /// <param name="check">Returns how many things it has examined.</param>
    /// <param name="examined">That number.</param>
    /// <returns>What it has found, none if the property holds.</returns>
    public DiagnosticBag Check(Func<ProofContext, int> check, out int examined)
    {
        Diagnostics = new DiagnosticBag();
        examined = check(this);
        return Diagnostics;
    }

    /// <summary>Reports an instruction of a function.</summary>
    public void Report(DiagnosticDescriptor descriptor, CodeFunction function, ulong address, string what) =>
        Diagnostics.Report(
            descriptor,
            $"'{function}'+0x{address - function.Address:x} (0x{address:x}) {what}.",
            function.Name,
            _fileName,
            _lines.At(address));

    /// <summary>Reports something that is no instruction.</summary>
    public void Report(DiagnosticDescriptor descriptor, string what, string? symbol = null) =>
        Diagnostics.Report(descriptor, what, symbol, _fileName);

    /// <summary>Reports that the file cannot be understood.</summary>
    public void ReportUnreadable(string what, string? symbol = null) =>
        ReportUnreadable(Diagnostics, _fileName, what, symbol);

    private static void ReportUnreadable(DiagnosticBag diagnostics, string fileName, string what, string? symbol) =>
        diagnostics.Report(ProofDiagnostics.Unreadable, what, symbol, fileName);

    private bool ReadCode()
    {
        if (CodeMap.Read(this) is not { } code)
        {
            return false;
        }

        if (FrameTable.Read(Image) is not { } frames)
        {
            ReportUnreadable($"'{_fileName}' has damaged call frame information.");
            return false;
        }

        Code = code;
        Frames = frames;
        Indirect = IndirectTransfers.Of(Image, code, Claims);
        Flows = new StackFlows(this);
        return true;
    }
}
