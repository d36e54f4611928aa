using Atoll.Abi;
using Atoll.Linker;
using Atoll.Linker.Bundle;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Inspect;
using Atoll.Linker.Model;
using Atoll.Linker.Proof;
using Atoll.Linker.Tests.Elf;

namespace Atoll.Image.Tests;

/// <summary>The compiler's object, the kernel's image and a bundle of it, field by field damaged: findings or a result, never an
/// exception, and no more memory and time than their size allows.</summary>
public sealed class FieldDamageTests
{
    private const int Mutants = 20;
    private const int LongMutants = 2_000;

    private static readonly byte[] s_image = File.ReadAllBytes(KernelImage.Path);

    [Theory]
    [InlineData(1, Mutants)]
    public void Object_NeverThrows(int seed, int mutants) => Object(seed, mutants);

    [Theory]
    [InlineData(1, Mutants)]
    public void Image_IsNeverProvedByHalf(int seed, int mutants) => Image(seed, mutants);

    [Theory]
    [InlineData(1, 10 * Mutants)]
    public void Bundle_NeverThrows(int seed, int mutants) => Bundle(seed, mutants);

    [Theory]
    [InlineData(2, LongMutants)]
    [Trait("Category", "Long")]
    public void All_NeverThrow(int seed, int mutants)
    {
        Object(seed, mutants);
        Image(seed, mutants);
        Bundle(seed, mutants);
    }

    private static void Object(int seed, int mutants) =>
        Each(FieldDamage.OfElf(File.ReadAllBytes(KernelImage.Object)), seed, mutants, damaged =>
        {
            LinkResult result = Link.Run(new LinkRequest { Objects = [new LinkInput("damaged.o", damaged)] });
            Assert.NotEqual(result.Succeeded, result.Diagnostics.Count > 0);
        });

    private static void Image(int seed, int mutants) => Each(FieldDamage.OfElf(s_image), seed, mutants, damaged =>
    {
        DiagnosticBag findings = new();
        ProofReport? report = ImageProof.Run(damaged, "damaged.elf", findings);
        Assert.Equal(report is not { Holds: true }, findings.HasAny);
        ImageInspector.Inspect(damaged, "damaged.elf", new DiagnosticBag());
    });

    private static void Bundle(int seed, int mutants)
    {
        BundledImage[] images = [new("kernel", BundleKind.Kernel, s_image), new("again", BundleKind.Kernel, s_image)];
        Each(FieldDamage.OfBundle(BundleWriter.Write(images), images.Length), seed, mutants, damaged =>
        {
            DiagnosticBag findings = new();
            Assert.NotEqual(BundleReader.Read(damaged, "damaged.bundle", findings) is not null, findings.HasAny);
        });
    }

    private static void Each(FieldDamage damage, int seed, int mutants, Action<byte[]> read)
    {
        Random random = new(seed);
        for (int mutant = 0; mutant < mutants; mutant++)
        {
            byte[] damaged = damage.Next(random);
            Bounded.Run(seed, mutant, () => read(damaged), damaged.Length);
        }
    }
}
