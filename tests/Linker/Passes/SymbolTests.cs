using Atoll.Linker.Diagnostics;
using Atoll.Linker.Model;
using static Atoll.Linker.Elf.ElfNative;

namespace Atoll.Linker.Tests.Passes;

public sealed class SymbolTests
{
    [Theory]
    [InlineData("atoll_boot_main")]
    [InlineData("atoll_instance_main")]
    [InlineData("atoll_trap")]
    public void MissingRootIsNamed(string root)
    {
        string[] roots = ["atoll_boot_main", "atoll_instance_main", "atoll_trap"];
        ObjectBuilder builder = new();
        foreach (string present in roots.Except([root]))
        {
            builder.Code(present, [0xC3]);
        }

        Diagnostic diagnostic = Run(builder).First(found => found.Id == "ATL9012");

        Assert.Equal(root, diagnostic.Symbol);
    }

    [Fact]
    public void NameDefinedByTwoObjectsIsAnErrorThatNamesBoth()
    {
        ObjectBuilder second = new ObjectBuilder().Code("atoll_trap", [0xC3]);
        LinkResult result = Link.Run(new LinkRequest
        {
            Objects = [ObjectBuilder.WithRoots().Build("first.o"), second.Build("second.o")],
        });

        Diagnostic diagnostic = Assert.Single(result.Diagnostics);
        Assert.Equal("ATL9011", diagnostic.Id);
        Assert.Contains("first.o", diagnostic.Message, StringComparison.Ordinal);
        Assert.Contains("second.o", diagnostic.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x64_halt")]
    [InlineData("__text_start")]
    public void ObjectMayNotDefineWhatTheLinkerDefines(string name) =>
        Assert.Equal("ATL9011", Assert.Single(Run(ObjectBuilder.WithRoots().Code(name, [0xC3]))).Id);

    [Fact]
    public void WhatRootsReachIsKeptAndNothingElse()
    {
        LinkedImage image = LinkedImage.Of(ObjectBuilder.WithRoots()
            .Code("root_caller", LinkedImage.CallBytes, Fixup.Call("unreached_callee"))
            .Code("unreached_callee", [0xC3])
            .Data("unreached_datum", new byte[8])
            .Constant("reached_constant", [1, 2, 3, 4, 5, 6, 7, 8])
            .Data("reached_datum", new byte[8], new Fixup(0, R_X86_64_64, "reached_constant"))
            .Code("also_root", [0xC3])
            .AddSection(".unused", SHT_PROGBITS, SHF_ALLOC, [1]));

        Assert.False(image.Has("root_caller"));
        Assert.False(image.Has("unreached_callee"));
        Assert.False(image.Has("unreached_datum"));
        Assert.False(image.Has("reached_datum"));

        LinkedImage kept = LinkedImage.Of(new ObjectBuilder()
            .Code(
                "atoll_boot_main", [0x48, 0x8D, 0x05, 0, 0, 0, 0, 0xC3], new Fixup(
                    3, R_X86_64_PC32, "reached_datum", -4))
            .Code("atoll_instance_main", [0xC3])
            .Code("atoll_trap", [0xC3])
            .Constant("reached_constant", [1, 2, 3, 4, 5, 6, 7, 8])
            .Data("unreached_datum", new byte[8])
            .Data("reached_datum", new byte[8], new Fixup(0, R_X86_64_64, "reached_constant")));
        Assert.True(kept.Has("reached_datum"));
        Assert.True(kept.Has("reached_constant"));
        Assert.False(kept.Has("unreached_datum"));
    }

    [Fact]
    public void StubThatNobodyCallsIsNotInTheImage()
    {
        LinkedImage image = LinkedImage.Of(ObjectBuilder.WithRoots());

        Assert.True(image.Has("pvh_entry"));
        Assert.True(image.Has("interrupt_entries"));
        Assert.False(image.Has("x64_invalidate_page"));
    }

    /// <summary>ILC resolves a call within its section itself. When the function between is dropped, the call must
    /// follow.</summary>
    [Fact]
    public void CallWithoutRelocationFollowsItsTarget()
    {
        // Four functions, 16 bytes apart; the first calls the fourth: 0x30 - 5 = 0x2B.
        LinkedImage image = LinkedImage.Of(new ObjectBuilder()
            .Code("atoll_instance_main", [0xE8, 0x2B, 0, 0, 0, 0xC3])
            .Code("dropped", [0xC3])
            .Code("dropped_too", [0xC3])
            .Code("called", [0xC3])
            .Code("atoll_boot_main", [0xC3])
            .Code("atoll_trap", [0xC3]));

        Assert.False(image.Has("dropped"));
        ulong main = image.AddressOf("atoll_instance_main");
        int distance = BitConverter.ToInt32(image.At(main + 1, 4));
        Assert.Equal(image.AddressOf("called"), main + 5 + (ulong)distance);
        Assert.Equal(0x8UL, image.AddressOf("called") - main);
    }

    [Fact]
    public void AddressTakenWithoutRelocationFollowsItsTarget()
    {
        // lea rax, [rip + 0x19]: the function at 0x20, seen from 7.
        LinkedImage image = LinkedImage.Of(new ObjectBuilder()
            .Code("atoll_boot_main", [0x48, 0x8D, 0x05, 0x19, 0, 0, 0, 0xC3])
            .Code("dropped", [0xC3])
            .Code("taken", [0xC3])
            .Code("atoll_instance_main", [0xC3])
            .Code("atoll_trap", [0xC3]));

        ulong main = image.AddressOf("atoll_boot_main");
        int distance = BitConverter.ToInt32(image.At(main + 3, 4));
        Assert.Equal(image.AddressOf("taken"), main + 7 + (ulong)distance);
    }

    [Fact]
    public void BytesThatAreNoCodeAreAnError() =>
        Assert.Equal(
            "ATL9021", Assert.Single(Run(ObjectBuilder.WithRoots().Code("data_in_code", [0x06, 0x06, 0x06]))).Id);

    [Fact]
    public void ShortJumpToAnotherFunctionIsAnError() =>
        Assert.Equal("ATL9021", Assert.Single(Run(ObjectBuilder.WithRoots().Code("jumper", [0xEB, 0x40]))).Id);

    private static IReadOnlyList<Diagnostic> Run(ObjectBuilder builder) =>
        Link.Run(new LinkRequest { Objects = [builder.Build()] }).Diagnostics;

    // The lists by their types (gABI: 14, 15, 16), those of older compilers by their names, with and without a priority.
    [Theory]
    [InlineData(".init_array", 14u)]
    [InlineData(".init_array.00101", 14u)]
    [InlineData(".fini_array", 15u)]
    [InlineData(".preinit_array", 16u)]
    [InlineData(".anything", 14u)]
    [InlineData(".ctors", 1u)]
    [InlineData(".ctors.65434", 1u)]
    [InlineData(".dtors", 1u)]
    [InlineData(".init", 1u)]
    [InlineData(".fini", 1u)]
    [InlineData(".of.somebody", 0x6000_0001u)]
    public void WorkForAStartUpRoutineIsRefused(string section, uint type)
    {
        ObjectBuilder builder = ObjectBuilder.WithRoots().Code("construct", [0xC3])
            .AddSection(section, type, SHF_ALLOC | SHF_WRITE, new byte[8], new Fixup(0, R_X86_64_64, "construct"));

        Diagnostic finding = Assert.Single(Link.Run(new LinkRequest { Objects = [builder.Build()] }).Diagnostics);

        Assert.Equal(("ATL9016", section), (finding.Id, finding.Symbol));
    }

    [Fact]
    public void EmptyListOfConstructorsIsNone() =>
        Assert.True(Link.Run(new LinkRequest
        {
            Objects = [ObjectBuilder.WithRoots().AddSection(".init_array", 14, SHF_ALLOC | SHF_WRITE, []).Build()],
        }).Succeeded);
}
