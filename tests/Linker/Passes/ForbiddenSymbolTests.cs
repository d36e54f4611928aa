using Atoll.Linker.Diagnostics;
using Atoll.Linker.Model;
using static Atoll.Linker.Elf.ElfNative;

namespace Atoll.Linker.Tests.Passes;

public sealed class ForbiddenSymbolTests
{
    // What ILC asks for, by construct: from the matrix of constructs that only the link can refuse.
    [Theory]
    [InlineData("RhpNewFast", "'new' of a class")]
    [InlineData("RhpNewFastAlign8", "'new' of a class")]
    [InlineData("RhpNewArrayFast", "'new T[n]'")]
    [InlineData("RhpNewPtrArrayFast", "'new T[n]'")]
    [InlineData("RhpNewFinalizable", "finaliser")]
    [InlineData("RhNewObject", "heap")]
    [InlineData("RhBox", "boxed")]
    [InlineData("RhpThrowEx", "'throw'")]
    [InlineData("RhpThrowHwEx", "'throw'")]
    [InlineData("RhpRethrow", "'throw'")]
    [InlineData("RhpAssignRef", "reference is stored")]
    [InlineData("RhpCheckedAssignRef", "reference is stored")]
    [InlineData("RhpByRefAssignRef", "references")]
    [InlineData("RhpPInvoke", "DllImport")]
    [InlineData("RhpPInvokeReturn", "DllImport")]
    [InlineData("RhpReversePInvoke", "UnmanagedCallersOnly")]
    [InlineData("RhpReversePInvokeReturn", "UnmanagedCallersOnly")]
    [InlineData("RhpTrapThreads", "garbage collections")]
    [InlineData("RhpInitialDynamicInterfaceDispatch", "interface")]
    [InlineData("RhpFallbackFailFast", "stackalloc")]
    [InlineData("__security_cookie", "stackalloc")]
    [InlineData("__tls_get_addr", "thread-local")]
    [InlineData("g_cpuFeatures", "instruction set")]
    [InlineData("fmod", "'%'")]
    [InlineData("memcpy", "copied")]
    [InlineData("memset", "filled")]
    public void RuntimeSymbolIsTranslatedIntoWhatTheProgrammerDid(string symbol, string cause)
    {
        Diagnostic diagnostic = SingleFor(symbol);

        Assert.Equal("ATL9001", diagnostic.Id);
        Assert.Equal(symbol, diagnostic.Symbol);
        Assert.Equal("kernel_Foo__Bar", diagnostic.Referrer);
        Assert.Contains("'kernel.Foo.Bar'", diagnostic.Message, StringComparison.Ordinal);
        Assert.Contains(cause, diagnostic.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LargeFrameHasItsOwnId() => Assert.Equal("ATL9007", SingleFor("RhpStackProbe").Id);

    [Fact]
    public void UnknownNameIsUndefinedAndNothingElse()
    {
        Diagnostic diagnostic = SingleFor("x64_no_such_stub");

        Assert.Equal("ATL9010", diagnostic.Id);
        Assert.Equal("x64_no_such_stub", diagnostic.Symbol);
    }

    [Fact]
    public void RuntimeSymbolStaysForbiddenWhenSomebodyDefinesIt()
    {
        ObjectBuilder builder = Caller("RhpNewFast").Code("RhpNewFast", [0xC3]);

        Assert.Equal("ATL9001", Assert.Single(Link(builder).Diagnostics).Id);
    }

    [Fact]
    public void CLibraryNameMayBeDefined() =>
        Assert.Empty(Link(Caller("memset").Code("memset", [0xC3])).Diagnostics);

    [Fact]
    public void UnreachableCodeMayAskForAnything()
    {
        ObjectBuilder builder = ObjectBuilder.WithRoots()
            .Code("__managed__Startup", LinkedImage.CallBytes, Fixup.Call("RhpReversePInvoke"));

        Assert.Empty(Link(builder).Diagnostics);
    }

    [Fact]
    public void StaticConstructorIsAnErrorEvenWhenNothingReachesIt()
    {
        ObjectBuilder builder = ObjectBuilder.WithRoots()
            .Code("kernel_Late___cctor", [0xC3])
            .Data("__EagerCctor", new byte[8], new Fixup(0, R_X86_64_64, "kernel_Late___cctor"));

        Diagnostic diagnostic = Assert.Single(Link(builder).Diagnostics);

        Assert.Equal("ATL9002", diagnostic.Id);
        Assert.Equal("kernel_Late___cctor", diagnostic.Symbol);
    }

    [Fact]
    public void UndefinedMentionOfTheConstructorListIsNoError() =>
        Assert.Empty(Link(ObjectBuilder.WithRoots()
            .Code("unused", LinkedImage.CallBytes, Fixup.Call("__EagerCctor"))).Diagnostics);

    [Fact]
    public void ThreadLocalDatumIsAnError()
    {
        ObjectBuilder builder = Caller("tls_Storage")
            .AddSection(".tdata", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE | SHF_TLS, new byte[8])
            .Symbol("tls_Storage", ".tdata", 0, 0, STT_TLS);

        Assert.Equal("ATL9015", Assert.Single(Link(builder).Diagnostics).Id);
    }

    [Fact]
    public void MessageHasTheFormOfMsBuild()
    {
        Diagnostic diagnostic = new("ATL9001", "text", Source: new SourceLine("/_/kernel/Boot/Foo.cs", 12));

        Assert.Equal("/_/kernel/Boot/Foo.cs(12): error ATL9001: text", diagnostic.ToString());
    }

    [Fact]
    public void EveryIdIsCataloguedOnceAndSaysWhatToDo()
    {
        Assert.Equal(
            DiagnosticCatalogue.All.Count,
            DiagnosticCatalogue.All.Select(descriptor => descriptor.Id).Distinct().Count());
        Assert.All(DiagnosticCatalogue.All, descriptor => Assert.Matches("^ATL9[0-9]{3}$", descriptor.Id));
        Assert.All(DiagnosticCatalogue.All, descriptor => Assert.NotEmpty(descriptor.WhatToDo));
    }

    private static ObjectBuilder Caller(string callee) => new ObjectBuilder()
        .Code("kernel_Foo__Bar", LinkedImage.CallBytes, Fixup.Call(callee))
        .Code("atoll_boot_main", LinkedImage.CallBytes, Fixup.Call("kernel_Foo__Bar"))
        .Code("atoll_instance_main", [0xC3])
        .Code("atoll_trap", [0xC3]);

    private static Diagnostic SingleFor(string callee) => Assert.Single(Link(Caller(callee)).Diagnostics);

    private static LinkResult Link(ObjectBuilder builder) =>
        Linker.Link.Run(new LinkRequest { Objects = [builder.Build()] });
}
