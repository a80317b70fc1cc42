// Uploads SIZE bytes with tus-js-client, aborts once after the first chunk and resumes; prints what the operation answered.
const crypto = require('crypto');
const tus = require(require.resolve('tus-js-client', { paths: (process.env.NODE_PATH || '').split(':') }));

const [endpoint, token, size] = process.argv.slice(2);
const data = Buffer.alloc(Number(size));
for (let i = 0; i < data.length; i++) data[i] = (i * 7 + (i >> 8)) & 255;
const sha256 = crypto.createHash('sha256').update(data).digest('hex');

let resumed = false;
let answer = '';
const upload = new tus.Upload(data, {
  endpoint,
  chunkSize: 4 << 20,
  retryDelays: [0, 100, 500],
  headers: { Authorization: `Bearer ${token}` },
  metadata: { filename: 'from-tus-js.bin', filetype: 'application/octet-stream' },
  onChunkComplete: (_chunk, accepted) => {
    if (resumed || accepted >= data.length) return;
    resumed = true;
    upload.abort().then(() => setTimeout(() => upload.start(), 50));
  },
  onAfterResponse: (_request, response) => { answer = response.getBody() || answer; },
  onError: (error) => { console.error(String(error)); process.exit(1); },
  onSuccess: () => {
    const got = JSON.parse(answer);
    console.log(JSON.stringify({ size: got.size, same: got.sha256 === sha256, name: got.name, resumed }));
  },
});
upload.start();
