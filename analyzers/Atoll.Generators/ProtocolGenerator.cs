using System.Text;
using Atoll.Generators.Emitting;
using Atoll.Generators.Model;
using Atoll.Generators.Reading;
using Atoll.Generators.Shipped;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Atoll.Generators;

/// <summary>Makes client, server interface, dispatch and replies of every interface that is marked <c>[Protocol]</c>.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class ProtocolGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<ProtocolModel> protocols = context.SyntaxProvider.ForAttributeWithMetadataName(
            ProtocolReader.Attribute, static (node, _) => node is InterfaceDeclarationSyntax, ProtocolReader.Read);
        IncrementalValueProvider<EquatableArray<ShippedProtocol>> files = context.AdditionalTextsProvider
            .Where(ShippedProtocol.Is)
            .Select(static (file, cancellation) => ShippedProtocol.Read(file.Path, file.GetText(cancellation) ?? SourceText.From("")))
            .Collect()
            .Select(static (files, _) => new EquatableArray<ShippedProtocol>(files));
        context.RegisterSourceOutput(protocols.Combine(files), static (output, pair) => Emit(output, pair.Left, pair.Right));
    }

    private static void Emit(SourceProductionContext output, ProtocolModel protocol, EquatableArray<ShippedProtocol> files)
    {
        ShippedProtocol? file = files.FirstOrDefault(file => file.Name == protocol.WireName);
        List<Finding> findings = [.. protocol.Findings];
        if (findings.Count == 0)
        {
            findings.AddRange(file?.Findings.Items ?? []);
        }

        ImmutableArray<NumberedMethod> methods = findings.Count == 0 ? Numbering.Number(protocol, file, findings) : [];
        foreach (Finding finding in findings)
        {
            output.ReportDiagnostic(finding.ToDiagnostic());
        }

        if (findings.Count > 0)
        {
            return;
        }

        Add(output, protocol, "Protocol", NumbersEmitter.Emit(protocol, methods));
        Add(output, protocol, "Client", ClientEmitter.Emit(protocol, methods));
        Add(output, protocol, "Server", ServerEmitter.Emit(protocol, methods));
        Add(output, protocol, "Dispatch", DispatchEmitter.Emit(protocol, methods));
        if (protocol.HasDeferred)
        {
            Add(output, protocol, "Reply", ReplyEmitter.Emit(protocol, methods));
        }
    }

    private static void Add(SourceProductionContext output, ProtocolModel protocol, string part, string code) =>
        output.AddSource($"{protocol.Namespace}.{protocol.Name}{part}.g.cs", SourceText.From(code, Encoding.UTF8));
}
