using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Analyzers.Boundary;

/// <summary>ATL0703: code that is not C# is entered and left only in the rooms made for it.</summary>
/// <remarks>
/// Imports: Arch and CoreLib. Exports (entry points): Arch, Boot, Syscall and CoreLib, and in a service its main. Platform invoke and unmanaged
/// function pointers: nowhere, as both bring a transition that needs a runtime.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class InteropInItsRoomAnalyzer() : KernelRule(s_rule)
{
    private const string Import = "System.Runtime.RuntimeImportAttribute";
    internal const string Export = "System.Runtime.RuntimeExportAttribute";
    internal const string UnmanagedCallersOnly = "System.Runtime.InteropServices.UnmanagedCallersOnlyAttribute";

    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0703",
        "Interop outside its rooms",
        "{0} is allowed {1}, not in '{2}'",
        "Atoll.Boundary",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "The linker's stubs are called from Arch, and from Services.Lib in programs; the kernel is entered in Boot (or Trials, or LongWay) and Syscall.",
        "docs/rules/ATL0703.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private static readonly ImmutableHashSet<string> s_importRooms = ["Atoll.Arch", "Atoll.CoreLib", "Atoll.Services.Lib"];

    private static readonly ImmutableHashSet<string> s_exportRooms =
        ["Atoll.Arch", "Atoll.Boot", "Atoll.Trials", "Atoll.LongWay", "Atoll.Syscall", "Atoll.CoreLib"];

    /// <summary>Assemblies of services begin so, and may export the one name that a program is entered by.</summary>
    private const string ServicePrefix = "Atoll.Services.";
    private const string ProgramMain = "atoll_program_main";

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile)
    {
        context.RegisterSymbolAction(InspectMethod, SymbolKind.Method);
        context.RegisterSyntaxNodeAction(InspectLocalFunction, SyntaxKind.LocalFunctionStatement);
        context.RegisterSyntaxNodeAction(InspectFunctionPointer, SyntaxKind.FunctionPointerType);
    }

    private static void InspectMethod(SymbolAnalysisContext context) =>
        Inspect((IMethodSymbol)context.Symbol, context.ReportDiagnostic);

    private static void InspectLocalFunction(SyntaxNodeAnalysisContext context)
    {
        if (context.SemanticModel.GetDeclaredSymbol(context.Node, context.CancellationToken) is IMethodSymbol function)
        {
            Inspect(function, context.ReportDiagnostic);
        }
    }

    private static void Inspect(IMethodSymbol method, Action<Diagnostic> report)
    {
        string room = method.ContainingAssembly.Name;
        if (FindForbidden(method, room) is var (what, where))
        {
            report(Diagnostic.Create(s_rule, method.Place(), what, where, room));
        }
    }

    private static (string What, string Where)? FindForbidden(IMethodSymbol method, string room)
    {
        if (method.HasAttribute("System.Runtime.InteropServices.DllImportAttribute")
            || method.HasAttribute("System.Runtime.InteropServices.LibraryImportAttribute"))
        {
            return ("Platform invoke", "nowhere");
        }

        // A way into private fields that the type system does not see.
        if (method.HasAttribute("System.Runtime.CompilerServices.UnsafeAccessorAttribute"))
        {
            return ("UnsafeAccessor", "nowhere");
        }

        if (method.HasAttribute(UnmanagedCallersOnly))
        {
            return ("UnmanagedCallersOnly", "nowhere");
        }

        bool imports = method.HasAttribute(Import) || method.IsExtern
            || (method.MethodImplementationFlags & MethodImplAttributes.InternalCall) != 0;
        if (imports && !s_importRooms.Contains(room))
        {
            return ("An import", "in Atoll.Arch and Atoll.Services.Lib");
        }

        return method.HasAttribute(Export) && !s_exportRooms.Contains(room) && !IsProgramMain(method, room)
            ? ("An export", "in Atoll.Arch, Atoll.Boot, Atoll.Trials, Atoll.LongWay and Atoll.Syscall")
            : null;
    }

    /// <summary>Says whether an assembly may export the name.</summary>
    internal static bool MayExport(string room, string name) =>
        s_exportRooms.Contains(room) || room.StartsWith(ServicePrefix, StringComparison.Ordinal) && name == ProgramMain;

    private static bool IsProgramMain(IMethodSymbol method, string room) =>
        room.StartsWith(ServicePrefix, StringComparison.Ordinal)
        && method.GetAttributes()
            .Where(attribute => attribute.AttributeClass?.ToDisplayString() == Export)
            .All(attribute => attribute.ConstructorArguments.Length == 1 && ProgramMain.Equals(attribute.ConstructorArguments[0].Value));

    private static void InspectFunctionPointer(SyntaxNodeAnalysisContext context)
    {
        var syntax = (FunctionPointerTypeSyntax)context.Node;
        if (syntax.CallingConvention is { ManagedOrUnmanagedKeyword: var keyword }
            && keyword.IsKind(SyntaxKind.UnmanagedKeyword))
        {
            context.ReportDiagnostic(Diagnostic.Create(
                s_rule,
                syntax.GetLocation(),
                "An unmanaged function pointer",
                "nowhere",
                context.Compilation.AssemblyName));
        }
    }
}
