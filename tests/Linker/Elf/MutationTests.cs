using System.Buffers.Binary;
using Atoll.Abi;
using Atoll.Linker.Bundle;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Inspect;
using Atoll.Linker.Model;
using Atoll.Linker.Proof;
using Atoll.Linker.Tests.Dwarf;
using Atoll.Linker.Tests.Passes;

namespace Atoll.Linker.Tests.Elf;

/// <summary>Damaged inputs give an image or findings, in bounded memory and time, and never an exception.</summary>
public sealed class MutationTests
{
    private const int MutantsPerSeed = 500;

    private static readonly byte[] s_object = DebugObject.Sample().BuildBytes();
    private static readonly byte[] s_image = LinkedImage.Of(DebugObject.Sample()).Bytes;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void DamagedObjectNeverThrows(int seed)
    {
        Random random = new(seed);
        for (int mutant = 0; mutant < MutantsPerSeed; mutant++)
        {
            byte[] damaged = Damage(s_object, random);
            Bounded.Run(seed, mutant, () =>
            {
                LinkResult result = Link.Run(new LinkRequest { Objects = [new LinkInput("damaged.o", damaged)] });
                Assert.NotEqual(result.Succeeded, result.Diagnostics.Count > 0);
            });
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void DamagedImageNeverThrows(int seed)
    {
        Random random = new(seed);
        for (int mutant = 0; mutant < MutantsPerSeed; mutant++)
        {
            byte[] damaged = Damage(s_image, random);
            Bounded.Run(seed, mutant, () =>
            {
                DiagnosticBag diagnostics = new();
                ImageReport? report = ImageInspector.Inspect(damaged, "damaged.elf", diagnostics);
                Assert.NotEqual(report is not null, diagnostics.HasAny);
            });
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void ObjectWithDamagedFieldsNeverThrows(int seed)
    {
        Random random = new(seed);
        FieldDamage damage = FieldDamage.OfElf(s_object);
        for (int mutant = 0; mutant < MutantsPerSeed; mutant++)
        {
            byte[] damaged = damage.Next(random);
            Bounded.Run(seed, mutant, () =>
            {
                LinkResult result = Link.Run(new LinkRequest { Objects = [new LinkInput("damaged.o", damaged)] });
                Assert.NotEqual(result.Succeeded, result.Diagnostics.Count > 0);
            });
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void ImageWithDamagedFieldsIsNeverProvedByHalf(int seed)
    {
        Random random = new(seed);
        FieldDamage damage = FieldDamage.OfElf(s_image);
        for (int mutant = 0; mutant < MutantsPerSeed; mutant++)
        {
            byte[] damaged = damage.Next(random);
            Bounded.Run(seed, mutant, () =>
            {
                DiagnosticBag diagnostics = new();
                ProofReport? report = ImageProof.Run(damaged, "damaged.elf", diagnostics);
                Assert.Equal(report is not { Holds: true }, diagnostics.HasAny);
                ImageInspector.Inspect(damaged, "damaged.elf", new DiagnosticBag());
            });
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void BundleWithDamagedFieldsNeverThrows(int seed)
    {
        byte[] bundle = BundleWriter.Write(
        [
            new BundledImage("kernel", BundleKind.Kernel, s_image), new BundledImage("other", BundleKind.Program, s_image),
        ]);
        Random random = new(seed);
        FieldDamage damage = FieldDamage.OfBundle(bundle, entries: 2);
        for (int mutant = 0; mutant < MutantsPerSeed; mutant++)
        {
            byte[] damaged = damage.Next(random);
            Bounded.Run(seed, mutant, () =>
            {
                DiagnosticBag diagnostics = new();
                Assert.NotEqual(BundleReader.Read(damaged, "damaged.bundle", diagnostics) is not null, diagnostics.HasAny);
            });
        }
    }

    /// <summary>A few bytes set to what hurts most, or the file cut off, or a piece of it copied elsewhere.</summary>
    private static byte[] Damage(byte[] good, Random random)
    {
        byte[] damaged = [.. good];
        for (int count = random.Next(1, 5); count > 0; count--)
        {
            int offset = random.Next(damaged.Length - 8);
            switch (random.Next(6))
            {
                case 0:
                    damaged[offset] = (byte)random.Next(256);
                    break;
                case 1:
                    damaged[offset] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    BinaryPrimitives.WriteUInt32LittleEndian(
                        damaged.AsSpan(offset & ~3), uint.MaxValue - (uint)random.Next(64));
                    break;
                case 3:
                    BinaryPrimitives.WriteUInt64LittleEndian(damaged.AsSpan(offset & ~7), (ulong)random.NextInt64());
                    break;
                case 4:
                    int length = random.Next(1, 64);
                    int from = random.Next(damaged.Length - 64);
                    damaged.AsSpan(from, int.Min(length, damaged.Length - offset)).CopyTo(damaged.AsSpan(offset));
                    break;
                default:
                    damaged.AsSpan(offset, 8).Clear();
                    break;
            }
        }

        return random.Next(20) == 0 ? damaged[..random.Next(damaged.Length)] : damaged;
    }
}
