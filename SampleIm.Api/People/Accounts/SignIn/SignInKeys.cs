using System.Xml;
using System.Xml.Linq;
using Dapper;
using Microsoft.AspNetCore.DataProtection.Repositories;
using SampleIm.Api.Storage;
using SampleIm.Api.Storage.Disk;

namespace SampleIm.Api.People.Accounts.SignIn;

/// <summary>
/// The data-protection keys in the data folder: a cookie made before a restart is good after it. A key that cannot be read
/// costs those whose cookies it made a sign-in, and one that cannot be written is kept until the program ends; neither keeps
/// anybody from signing in.
/// </summary>
/// <remarks>
/// The framework's own repository takes a file that it cannot read for fatal, because it might revoke a key. This program revokes
/// no keys: it ends sessions.
/// </remarks>
public sealed partial class SignInKeys(DataFolder folder, Database database, ILoggerFactory loggers) : IXmlRepository
{
    private readonly ILogger _logger = loggers.CreateLogger<SignInKeys>();
    private readonly List<XElement> _unwritten = [];
    private readonly Lock _lock = new();

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        lock (_lock)
        {
            return [.. ListFiles().Select(Read).OfType<XElement>(), .. _unwritten];
        }
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        try
        {
            new FileSystemXmlRepository(folder.Keys, loggers).StoreElement(element, friendlyName);
        }
        catch (Exception fault) when (IsOfFile(fault))
        {
            LogUnwritten(_logger, folder.Keys.FullName, fault.Message);
            lock (_lock)
            {
                _unwritten.Add(element);
            }
        }
    }

    /// <summary>At start: says that everybody has to sign in again, where that is so and nobody may have meant it.</summary>
    public async Task WarnOfMissingAsync(CancellationToken cancellation)
    {
        var haveSignedIn = await database.ReadAsync(
            connection =>
                connection.ExecuteScalarAsync<long>(
                    "/* SignInKeys.HaveSignedIn */ SELECT EXISTS (SELECT 1 FROM sessions)"), cancellation) != 0;
        if (haveSignedIn && GetAllElements().Count == 0)
        {
            LogMissing(_logger, folder.Keys.FullName);
        }
    }

    private List<FileInfo> ListFiles()
    {
        try
        {
            return [.. folder.Keys.EnumerateFiles("*.xml")];
        }
        catch (Exception fault) when (IsOfFile(fault))
        {
            LogUnreadable(_logger, folder.Keys.FullName, fault.Message);
            return [];
        }
    }

    private XElement? Read(FileInfo file)
    {
        try
        {
            using var content = file.OpenRead();
            // By itself it would read what a document type defines and unfold it.
            using var reader = XmlReader.Create(content, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            return XElement.Load(reader);
        }
        catch (Exception fault) when (fault is XmlException || IsOfFile(fault))
        {
            LogUnreadable(_logger, file.FullName, fault.Message);
            return null;
        }
    }

    private static bool IsOfFile(Exception fault) => fault is IOException or UnauthorizedAccessException;

    [LoggerMessage(Level = LogLevel.Warning, Message = "There are no sign-in keys in {Folder}: everybody has to sign in again")]
    private static partial void LogMissing(ILogger logger, string folder);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The sign-in keys in {File} cannot be read: who signed in with them has to sign in again ({Reason})")]
    private static partial void LogUnreadable(ILogger logger, string file, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A sign-in key cannot be kept in {Folder}: everybody has to sign in again after a restart ({Reason})")]
    private static partial void LogUnwritten(ILogger logger, string folder, string reason);
}
