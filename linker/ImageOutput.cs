using System.Text;
using System.Text.Json;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Proof;

namespace Atoll.Linker;

/// <summary>Where a link leaves its image, and what belongs to it.</summary>
/// <param name="ImagePath">The image.</param>
/// <param name="MapPath">The map.</param>
/// <param name="ProofPath">The proof report as JSON; its summary lies beside it as text.</param>
public sealed record ImageOutput(string ImagePath, string MapPath, string ProofPath)
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Where the proof of an image lies if nobody says otherwise.</summary>
    public static string ProofPathOf(string imagePath) => Path.ChangeExtension(imagePath, ".proof.json");

    /// <summary>Writes the image, reads it back, proves what was read, and only then gives it its name.</summary>
    /// <remarks>An image that is not proved leaves no image at all: neither itself nor an older one.</remarks>
    /// <returns>The report; null after a finding.</returns>
    public ProofReport? Write(byte[] image, string map, DiagnosticBag findings)
    {
        string unproved = $"{Path.GetFullPath(ImagePath)}.{Environment.ProcessId}.unproved";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(unproved)!);
            File.WriteAllBytes(unproved, image);
            ProofReport? report = ImageProof.Run(File.ReadAllBytes(unproved), Path.GetFileName(ImagePath), findings);
            WriteReport(report);
            if (report is not { Holds: true })
            {
                File.Delete(ImagePath);
                return null;
            }

            AtomicFile.Write(MapPath, Encoding.UTF8.GetBytes(map));
            File.Move(unproved, ImagePath, overwrite: true);
            return report;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            findings.Report(DiagnosticCatalogue.UnwritableOutput, exception.Message, referrer: ImagePath);
            return null;
        }
        finally
        {
            File.Delete(unproved);
        }
    }

    /// <summary>A failed proof is reported as well: what held, and what did not.</summary>
    private void WriteReport(ProofReport? report)
    {
        if (report is not null)
        {
            string summary = string.Join('\n', ProofSummary.Lines(report)) + "\n";
            AtomicFile.Write(ProofPath, JsonSerializer.SerializeToUtf8Bytes(report, s_json));
            AtomicFile.Write(Path.ChangeExtension(ProofPath, ".txt"), Encoding.UTF8.GetBytes(summary));
        }
    }
}
