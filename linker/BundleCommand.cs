using System.CommandLine;
using Atoll.Abi;
using Atoll.Linker.Bundle;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Proof;

namespace Atoll.Linker;

/// <summary><c>bundle</c>: proved images in, one file out (docs/bundle.md).</summary>
public static class BundleCommand
{
    /// <summary>Creates the command.</summary>
    /// <param name="errors">Takes the findings.</param>
    public static Command Create(TextWriter errors)
    {
        Argument<string[]> images = new("images")
        {
            Description = "Images, in the order of the index; each is proved again and named like its file.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string> bundle = new("--output") { Description = "The bundle.", Required = true };
        Command command = new("bundle", "Puts images into one file, with index and hashes.") { images, bundle };
        command.SetAction(parsed =>
        {
            DiagnosticBag findings = new();
            Write(parsed.GetRequiredValue(images), parsed.GetRequiredValue(bundle), findings);
            foreach (Diagnostic finding in findings.Found)
            {
                errors.WriteLine(finding);
            }

            return findings.HasAny ? 1 : 0;
        });
        return command;
    }

    private static void Write(string[] paths, string bundlePath, DiagnosticBag findings)
    {
        List<BundledImage> images = [];
        foreach (string path in paths)
        {
            try
            {
                Add(images, path, findings);
            }
            catch (Exception exception) when (
                exception is IOException or UnauthorizedAccessException or ArgumentException)
            {
                findings.Report(DiagnosticCatalogue.UnreadableInput, exception.Message, referrer: path);
            }
        }

        if (findings.HasAny)
        {
            return;
        }

        try
        {
            AtomicFile.Write(bundlePath, BundleWriter.Write(images));
        }
        catch (ArgumentException exception)
        {
            findings.Report(DiagnosticCatalogue.BadRequest, exception.Message, referrer: bundlePath);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            findings.Report(DiagnosticCatalogue.UnwritableOutput, exception.Message, referrer: bundlePath);
        }
    }

    private static void Add(List<BundledImage> images, string path, DiagnosticBag findings)
    {
        byte[] content = File.ReadAllBytes(path);
        if (ImageProof.Run(content, Path.GetFileName(path), findings) is { Holds: true } report)
        {
            BundleKind kind = report.IsProgram ? BundleKind.Program : BundleKind.Kernel;
            images.Add(new BundledImage(Path.GetFileNameWithoutExtension(path), kind, content));
        }
    }
}
