using Atoll.Abi;
using Atoll.Linker.Bundle;
using Atoll.Linker.Diagnostics;

namespace Atoll.Cli.Systems;

/// <summary>Makes the bundle of a system: Init, every image once, the table.</summary>
public static class SystemBundle
{
    /// <summary>Most pages that Init maps.</summary>
    public const int PagesMax = 512;

    /// <summary>Makes it.</summary>
    /// <param name="plan">A system without mistakes.</param>
    /// <param name="init">The program that the kernel starts.</param>
    /// <param name="findings">Takes what is wrong.</param>
    /// <returns>The file; null after a finding.</returns>
    public static byte[]? Write(SystemPlan plan, ProgramImage init, DiagnosticBag findings)
    {
        List<BundledImage> images = [new(ChannelEnd.Init, BundleKind.Program, init.Content)];
        foreach (PlannedProgram program in plan.Programs.DistinctBy(program => program.Description.Image.Value))
        {
            images.Add(new BundledImage(program.Description.Image.Value, BundleKind.Program, program.Image.Content));
        }

        images.Add(new BundledImage(
            SystemHeader.EntryName, BundleKind.System, SystemTable.Write(plan, name => images.FindIndex(image => image.Name == name))));
        byte[] bundle = BundleWriter.Write(images);
        int pages = bundle.Length / (int)ImageLayout.PageSizeBytes;
        if (pages > PagesMax)
        {
            IEnumerable<string> sizes = images.OrderByDescending(image => image.Content.Length)
                .Select(image => $"{image.Name} {image.Content.Length / 1024} KiB");
            findings.Report(
                DescriptionDiagnostics.BundleTooLarge,
                $"The bundle has {pages} pages of 4 KiB, of at most {PagesMax} ({string.Join(", ", sizes)}).",
                source: plan.Description.Place);
            return null;
        }

        return bundle;
    }
}
